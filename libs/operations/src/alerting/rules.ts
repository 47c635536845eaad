import type { GroupDown, GroupLag } from '@nestbox/consumer';
import type { Backlog } from '../metrics/backlog-stats.js';
import type { AlertThresholds, Finding } from './alert.js';

export interface StuckSagas {
  readonly saga: string;
  readonly stuck: number;
}

export interface ContextHealth {
  readonly backlog: Backlog;
  readonly groups: readonly GroupLag[];
  readonly down: readonly GroupDown[];
  /** Sagas with stuck instances. */
  readonly stuck?: readonly StuckSagas[];
}

// Longer than a session (30 s), for which a group may wait for a dead member: that ends by itself.
const DEFAULTS = { parkedMs: 3_600_000, outboxMs: 60_000, stalledMs: 60_000, downMs: 60_000 };

/** Pure: applies the alert rules to one check's result. */
export function findingsOf({ backlog, groups, down, stuck = [] }: ContextHealth, thresholds: AlertThresholds = {}): Finding[] {
  const { parkedMs, outboxMs, stalledMs, downMs } = { ...DEFAULTS, ...thresholds };
  const findings: Finding[] = [];
  for (const { handler, parkedKeys, deadLetters, oldestSeconds } of backlog.parked) {
    if (deadLetters === 0) continue;
    const waiting = `${deadLetters} events in ${parkedKeys} keys wait for an operator`;
    findings.push({ rule: 'key-parked', subject: handler, summary: `${handler}: ${waiting}.` });
    if (oldestSeconds * 1_000 < parkedMs) continue;
    findings.push({ rule: 'parked-too-long', subject: handler, summary: `${handler}: ${waiting}, the oldest for ${age(oldestSeconds)}.` });
  }
  const { waiting, oldestSeconds, refused } = backlog.outbox;
  if (waiting > 0 && oldestSeconds * 1_000 >= outboxMs) {
    const summary = `${waiting} events wait to be published, the oldest for ${age(oldestSeconds)}.`;
    findings.push({ rule: 'outbox-too-old', subject: 'outbox', summary });
  }
  if (refused > 0) {
    findings.push({ rule: 'events-refused', subject: 'outbox', summary: `The broker has refused ${refused} events for good.` });
  }
  for (const { group, topic, lag, stalledMs: since } of groups) {
    if (lag === 0 || since < stalledMs) continue;
    const summary = `Group ${group} is ${lag} records behind on ${topic} and has not moved for ${age(since / 1_000)}.`;
    findings.push({ rule: 'consumer-stalled', subject: `${group} ${topic}`, summary });
  }
  return [...findings, ...downFindings(down.filter(({ downMs: since }) => since >= downMs)), ...stuck.map(stuckFinding)];
}

/** One broker that is away is one alert, however many groups are out because of it. What waits for an operator is one each. */
function downFindings(down: readonly GroupDown[]): Finding[] {
  const [first, ...others] = down.filter(({ waitsForOperator }) => !waitsForOperator).sort((a, b) => b.downMs - a.downMs);
  const alone = down.filter(({ waitsForOperator }) => waitsForOperator);
  const findings = alone.map((one): Finding => ({ rule: 'consumer-down', subject: one.group, summary: downSummary(one) }));
  if (!first) return findings;
  const more = others.length > 0 ? `; nor have ${others.map(({ group }) => group).join(', ')}` : '';
  return [...findings, { rule: 'consumer-down', subject: 'broker', summary: downSummary(first) + more }];
}

function downSummary({ group, problem, downMs }: GroupDown): string {
  return `Group ${group} has not consumed for ${age(downMs / 1_000)}: ${problem}`;
}

function stuckFinding({ saga, stuck }: StuckSagas): Finding {
  return { rule: 'saga-stuck', subject: saga, summary: `${saga}: ${stuck} are stuck and need a person.` };
}

function age(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}
