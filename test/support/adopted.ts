import { setTimeout as pause } from 'node:timers/promises';
import { tools } from './tools.js';
import type { Ended, RunningProcess } from './tools.js';

/** Names one process for good: pids are used again. */
export interface Identity {
  readonly pid: number;
  readonly startTime: string;
}

export async function identityOf(pid: number): Promise<Identity> {
  const { startTimeOf } = await tools();
  const startTime = startTimeOf(pid);
  if (startTime === undefined) throw new Error(`There is no process ${pid} any more.`);
  return { pid, startTime };
}

/** A process that somebody else has started, as if it were our own. */
export async function adopt({ pid, startTime }: Identity): Promise<RunningProcess> {
  const { startTimeOf } = await tools();
  const running = () => startTimeOf(pid) === startTime;
  // Only parents are told how their children ended: what ended it is what was sent to it while it was alive.
  let last: NodeJS.Signals | null = null;
  const kill = (signal: NodeJS.Signals) => {
    if (!running()) return false;
    last = signal;
    return process.kill(pid, signal);
  };
  const untilEnded = async (): Promise<Ended> => {
    while (running()) await pause(50);
    return { code: null, signal: last };
  };
  return {
    child: { pid, kill, unref: () => undefined },
    // Asked for by those who wait for it: nobody else is to be kept up by the question.
    get ended() {
      return untilEnded();
    },
    running,
    async stop(signal = 'SIGTERM', patience = 10_000) {
      if (!kill(signal)) return;
      const timer = setTimeout(() => kill('SIGKILL'), patience);
      await untilEnded();
      clearTimeout(timer);
    },
  };
}
