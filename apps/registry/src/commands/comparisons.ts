import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import type { COMPATIBILITY_LEVELS, Incompatibility, SchemaText } from '@nestbox/schema';
import { invalidSchema, tooBusy, tooComplex } from '../domain/registry.errors.js';

const AT_ONCE = 2;
const MOST_WAITING = 200;
const DEADLINE_MS = 5_000;

interface Question {
  readonly proposed: SchemaText;
  readonly existing: readonly SchemaText[];
  readonly level: (typeof COMPATIBILITY_LEVELS)[number];
}

interface Answer {
  readonly found?: Incompatibility[];
  readonly invalid?: string;
  readonly complex?: string;
  readonly fault?: string;
}

/** Compares schemas beside the event loop, each question within a deadline: whatever is sent, the registry goes on answering. */
@Injectable()
export class Comparisons implements OnModuleDestroy {
  private readonly idle: Worker[] = [];
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  /** Throws 42201 for a schema that is none, 422 for one that cannot be compared in time. */
  async incompatibilities(question: Question): Promise<Incompatibility[]> {
    if (this.waiting.length >= MOST_WAITING) throw tooBusy();
    if (this.running >= AT_ONCE) await new Promise<void>((resume) => this.waiting.push(resume));
    this.running++;
    try {
      return resultOf(await this.ask(question));
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((worker) => worker.terminate()));
  }

  private async ask(question: Question): Promise<Answer> {
    const worker = this.idle.pop() ?? new Worker(new URL('./comparing.worker.mjs', import.meta.url));
    const answer = await answerOf(worker, question);
    if (answer === undefined) {
      await worker.terminate();
      throw tooComplex(`The schemas are too complex to compare within ${DEADLINE_MS / 1_000} seconds`);
    }
    // A worker that broke down has ended.
    if (answer.fault === undefined) this.idle.push(worker);
    return answer;
  }
}

/** Undefined when the worker is still at it. */
function answerOf(worker: Worker, question: Question): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const end = (answer?: Answer) => {
      clearTimeout(timer);
      worker.off('message', end).off('error', broken);
      resolve(answer);
    };
    const broken = ({ message }: Error) => end({ fault: message });
    const timer = setTimeout(end, DEADLINE_MS);
    worker.on('message', end).on('error', broken);
    worker.postMessage(question);
  });
}

function resultOf({ found, invalid, complex, fault }: Answer): Incompatibility[] {
  if (invalid !== undefined) throw invalidSchema(invalid);
  if (complex !== undefined) throw tooComplex(complex);
  if (found === undefined) throw new Error(fault);
  return found;
}
