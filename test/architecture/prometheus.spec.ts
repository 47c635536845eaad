import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnitOfWork } from '@nestbox/database';
import { everyMetric, ProcessMetrics } from '@nestbox/eventing/testing';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

const root = process.cwd();
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const settings = parse(read('prometheus/prometheus.yml'));
const { groups }: { groups: { name: string; rules: Rule[] }[] } = parse(read('prometheus/alerts.yml'));
const rules = groups.flatMap((group) => group.rules);
const { services } = parse(read('docker-compose.yml'), { merge: true });

/** What is wrong with an expression by Prometheus' own grammar, and the metrics and labels that it names. */
function analyse(expr: string): { faults: string[]; metrics: string[]; labels: string[] } {
  const [faults, metrics, labels]: [string[], string[], string[]] = [[], [], []];
  parser.parse(expr).iterate({
    enter({ type, from, to, node }) {
      const text = expr.slice(from, to);
      if (type.isError) faults.push(`at ${from}: ${expr.slice(from, from + 20)}`);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') metrics.push(text);
      if (type.name === 'LabelName') labels.push(text);
    },
  });
  return { faults, metrics, labels };
}

const known = new Map(
  everyMetric().registry.getMetricsAsArray().map((metric) => {
    const { name, labelNames = [] } = metric as unknown as { name: string; labelNames?: string[] };
    return [name, labelNames];
  }),
);
const given = ['app', 'job', 'instance'];

describe('prometheus/alerts.yml', () => {
  it('has rules of the form that Prometheus takes', () => {
    expect(rules.length).toBeGreaterThan(5);
    for (const rule of rules) {
      expect(Object.keys(rule).filter((name) => !['alert', 'expr', 'for', 'labels', 'annotations'].includes(name))).toEqual([]);
      expect(rule.alert).toMatch(/^Nestbox[A-Z]\w+$/);
      if (rule.for !== undefined) expect(rule.for).toMatch(/^\d+[smhd]$/);
      expect(['page', 'ticket']).toContain(rule.labels.severity);
    }
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  it.each(rules)('$alert is an expression over metrics that there are', ({ expr }) => {
    const { faults, metrics } = analyse(expr);
    expect(faults).toEqual([]);
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.filter((name) => name !== 'up' && !known.has(name))).toEqual([]);
  });

  it.each(rules)('$alert names only labels that its metrics have', ({ expr, annotations }) => {
    const { metrics, labels } = analyse(expr);
    const there = [...given, ...metrics.flatMap((name) => known.get(name) ?? [])];
    const told = [...Object.values(annotations).join().matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label!);
    expect([...labels, ...told].filter((label) => !there.includes(label))).toEqual([]);
  });

  it.each(rules)('$alert leads to a section of the runbook', ({ annotations }) => {
    const sections = [...read('docs/runbook.md').matchAll(/^## (.+)$/gm)].map(([, title]) => title!.toLowerCase().replaceAll(' ', '-'));
    const [page, section] = annotations.runbook!.split('#');
    expect(page).toBe('docs/runbook.md');
    expect(sections).toContain(section);
  });

  it('would be caught with a misspelt metric, label or operator', () => {
    expect(analyse('max by (app) (nestbox_parked_keys) >> 0').faults).not.toEqual([]);
    expect(analyse('sum(nestbox_prked_keys)').metrics.filter((name) => !known.has(name))).toEqual(['nestbox_prked_keys']);
    expect(analyse('sum by (hndler) (nestbox_parked_keys)').labels).toEqual(['hndler']);
  });
});

describe('prometheus/prometheus.yml', () => {
  it('takes in the rules beside it, and is what docker-compose.yml starts Prometheus with', () => {
    expect(settings.rule_files).toEqual(['alerts.yml']);
    expect(services.prometheus.volumes).toContain('./prometheus:/etc/prometheus:ro');
  });
});

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

describe('grafana/dashboards/nestbox.json', () => {
  const { panels }: { panels: Panel[] } = JSON.parse(read('grafana/dashboards/nestbox.json'));
  const processMetrics = everyMetric();
  new ProcessMetrics(processMetrics, Object.create(UnitOfWork.prototype) as UnitOfWork);
  const there = new Set([...known.keys(), ...processMetrics.registry.getMetricsAsArray().map(({ name }) => name)]);
  const base = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
  // As Grafana fills it in.
  const targets = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr, legendFormat }) => ({ title, expr, legendFormat })));

  it.each(targets)('$title asks for $expr, of metrics that there are', ({ expr }) => {
    const { faults, metrics } = analyse(expr);
    expect(faults).toEqual([]);
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.filter((name) => !there.has(name) && !there.has(base(name)))).toEqual([]);
  });

  it.each(targets)('$title names only labels that its metrics have: $legendFormat', ({ expr, legendFormat }) => {
    const { metrics, labels } = analyse(expr);
    const had = [...given, 'le', ...metrics.flatMap((name) => known.get(base(name)) ?? known.get(name) ?? [])];
    const told = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
    expect([...labels, ...told].filter((label) => !had.includes(label))).toEqual([]);
  });

  it('shows every metric that there is', () => {
    const shown = new Set(targets.flatMap(({ expr }) => analyse(expr).metrics.flatMap((name) => [name, base(name)])));
    expect([...known.keys()].filter((name) => !shown.has(name))).toEqual([]);
  });

  it('is what docker-compose.yml starts Grafana with', () => {
    expect(services.grafana.volumes).toContain('./grafana/dashboards:/var/lib/grafana/dashboards:ro');
  });
});

describe('metrics', () => {
  it('have no label that could take any value', () => {
    const labels = new Set([...known.values()].flat());
    expect([...labels].sort()).toEqual(['event_type', 'group', 'handler', 'reason', 'result', 'rule', 'stage', 'status', 'topic']);
  });

  it('are named as Prometheus asks: counters end in _total, and every unit is a base unit', () => {
    for (const [name] of known) expect(name).toMatch(/^nestbox_[a-z_]+(_total|_seconds|_events|_keys|_letters|_sagas|_schemas|_down|_alerts|nestbox_alerts)$|^nestbox_alerts$/);
  });

  it('are given by every app that has events, and so are alerts', () => {
    for (const app of readdirSync(join(root, 'apps'))) {
      const module = read(`apps/${app}/src/${app}.module.ts`);
      if (module.includes('EventingModule')) expect([app, module.includes('...eventing,')]).toEqual([app, true]);
    }
  });
});
