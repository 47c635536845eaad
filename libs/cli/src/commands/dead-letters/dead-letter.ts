import type { Options } from '../../command.js';
import { Fault } from '../../fault.js';
import type { App } from '../../shop/app.js';
import { findApps } from '../../shop/shop.js';

/** A dead letter in the answer of `GET /admin/dead-letters`. */
export interface DeadLetter {
  readonly id: string;
  readonly handler: string;
  readonly key: string;
  readonly status: string;
  readonly reason: 'failed' | 'behind' | 'undecodable';
  readonly eventType: string | null;
  readonly errorClass: string | null;
  readonly errorMessage: string | null;
  readonly parkedAt: string;
}

export const conditions = {
  handler: { type: 'string', value: '<id>', about: 'of this handler' },
  key: { type: 'string', value: '<key>', about: 'of this key' },
  type: { type: 'string', value: '<type>', about: 'of this event type' },
  cause: { type: 'string', value: '<cause>', about: 'of this cause, as "dead-letters causes" names it' },
  since: { type: 'string', value: '<time>', about: 'parked at or after: 2026-11-23T06:00:00Z, or 90m, 12h, 3d ago' },
  until: { type: 'string', value: '<time>', about: 'parked before' },
} as const satisfies Options;

type Conditions = { readonly [Name in keyof typeof conditions]: string | undefined };

/** The conditions under the API's names, without the absent ones. */
export function conditionsOf({ handler, key, type, cause, since, until }: Conditions): Record<string, string> {
  const all = {
    handler,
    key,
    eventType: type,
    cause,
    parkedSince: momentOf('since', since),
    parkedUntil: momentOf('until', until),
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

export interface Found {
  readonly app: App;
  readonly id: string;
}

/** Parses `email/12`: the app, and the id in that app. */
export function findDeadLetter(reference: string, env: NodeJS.ProcessEnv, chosen: readonly string[]): Found {
  const [, name, id] = /^([a-z][a-z0-9-]*)\/([1-9]\d{0,17})$/.exec(reference) ?? [];
  if (!name || !id) throw new Fault(`"${reference}" is no dead letter: write <app>/<id>, such as email/12`, 2);
  const app = findApps(chosen, env).find((candidate) => candidate.name === name) ?? findApps([name], env)[0]!;
  return { app, id };
}

export const why = ({ reason, errorClass, errorMessage }: DeadLetter): string =>
  reason === 'behind' ? 'waits behind an earlier one of its key' : `${errorClass ?? reason}: ${errorMessage ?? ''}`;

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function momentOf(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const moment = count && unit ? Date.now() - Number(count) * UNITS[unit]! : Date.parse(text);
  if (Number.isNaN(moment))
    throw new Fault(`--${option} is a time such as 2026-11-23T06:00:00Z or 90m, not "${text}"`, 2);
  return new Date(moment).toISOString();
}
