import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a process answers: records per second, or why there are none. */
export interface Answer {
  readonly rate: number;
  readonly error?: string;
}

/** One side of a comparison, in a process of its own that stays warm: neither runs in what the other has left behind. */
export class WarmProcess<Question extends object> {
  private child?: ChildProcess;

  constructor(private readonly script: string) {}

  /** Resolves with records per second; rejects when the process has failed or ended. */
  async ask(question: Question): Promise<number> {
    const child = (this.child ??= fork(fileURLToPath(new URL(this.script, import.meta.url))));
    child.send(question);
    const heard = new AbortController();
    const { signal } = heard;
    const ended = once(child, 'exit', { signal }).then(([code]): Answer => ({ rate: NaN, error: `${this.script} has ended (${code}).` }));
    const answer = once(child, 'message', { signal }).then(([said]) => said as Answer);
    for (const waiting of [ended, answer]) waiting.catch(() => undefined);
    const { rate, error } = await Promise.race([answer, ended]);
    heard.abort();
    if (error) throw new Error(error);
    return rate;
  }
}

/** The other end of it. */
export function answerWith<Question>(work: (question: Question) => Promise<number>): void {
  process.on('message', (question: Question) => {
    work(question).then(
      (rate) => process.send!({ rate } satisfies Answer),
      (error: Error) => process.send!({ rate: NaN, error: error.stack ?? error.message } satisfies Answer),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
