import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '../../fault.js';
import type { Progress } from '../../progress.js';
import type { App } from '../../shop/app.js';
import { findApps } from '../../shop/shop.js';

export interface Generation {
  readonly id: number;
  readonly projection: string;
  readonly version: number;
  readonly kind: string;
  readonly status: string;
  readonly problem: string | null;
  readonly progress?: { readonly done: number; readonly left: number };
}

const LOOK_MS = 500;

/** `search.index-orders` → the app called search. */
export function appOf(projection: string, chosen: readonly string[], env: NodeJS.ProcessEnv): App {
  const context = projection.split('.')[0]!;
  const apps = findApps(chosen, env);
  const app = apps.find(({ name }) => name === context) ?? (chosen.length === 1 ? apps[0] : undefined);
  if (app) return app;
  throw new Fault(`No app "${context}" is known, which ${projection} would belong to: say --app <context>=<url>`, 2);
}

/** Follows a running generation until it ends, is blocked by a problem, or Ctrl-C. */
export async function follow(app: App, id: number, progress: Progress, signal: AbortSignal): Promise<Generation> {
  const estimate = new Estimate();
  for (;;) {
    const state = await app.ask<Generation>(`/admin/projections/generations/${id}`, { signal });
    if (state.status !== 'building' || state.problem) return state;
    if (state.progress) progress.say(`${state.projection}: ${estimate.of(state.progress)}`);
    await pause(LOOK_MS, undefined, { signal });
  }
}

class Estimate {
  private readonly started = performance.now();
  private first: number | undefined;

  of({ done, left }: { done: number; left: number }): string {
    this.first ??= done;
    const seconds = (performance.now() - this.started) / 1000;
    const perSecond = (done - this.first) / seconds;
    const share = done + left === 0 ? 100 : Math.floor((100 * done) / (done + left));
    const bar = '#'.repeat(Math.floor(share / 5)).padEnd(20, '.');
    const rest = perSecond > 0 ? `, ${Math.ceil(left / perSecond)} s left at ${Math.round(perSecond)} per second` : '';
    return `[${bar}] ${share} %, ${left} events left${rest}`;
  }
}

export function ended({ id, projection, status, problem }: Generation): string {
  if (problem) return `${projection}: generation ${id} stands still: ${problem}`;
  return `${projection}: generation ${id} is ${status}`;
}
