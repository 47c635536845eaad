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

const DEFAULTS = { parkedMs: 3_600_000, outboxMs: 60_000, stalledMs: 60_000, downMs: 30_000 };

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
  for (const { group, problem, downMs: since } of down) {
    if (since < downMs) continue;
    findings.push({ rule: 'consumer-down', subject: group, summary: `Group ${group} has not consumed for ${age(since / 1_000)}: ${problem}` });
  }
  return [...findings, ...stuck.map(stuckFinding)];
}

function stuckFinding({ saga, stuck }: StuckSagas): Finding {
  return { rule: 'saga-stuck', subject: saga, summary: `${saga}: ${stuck} are stuck and need a person.` };
}

function age(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}
