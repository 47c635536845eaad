import { sqlState } from '@nestbox/database';
import type { UnitOfWork } from '@nestbox/database';
import type { Inbox } from '../inbox/inbox.js';
import type { EventMessage } from './event-message.js';
import type { BoundHandler, BoundMethod } from './handler-registry.js';
import type { Retry } from './retry.js';

/** One message and the method that takes it. */
export interface Task {
  readonly method: BoundMethod;
  readonly message: EventMessage;
}

/** What one handler does with its share of a partition batch; resolves when all of it has been handled. */
export type Lane = (handler: BoundHandler, tasks: readonly Task[], retry: Retry) => Promise<void>;

/**
 * Projections, optimistically: one transaction and one bulk claim for the whole batch, no savepoints, and not one wait
 * for an answer before the commit's. Where some events were delivered before, again with a claim that says which. When
 * anything else fails, all is rolled back and done message by message: the good ones pass and the bad one is known.
 */
export function projectionLane(unitOfWork: UnitOfWork, inbox: Inbox): Lane {
  return async ({ id }, tasks, retry) => {
    const distinct = [...new Map(tasks.map((task) => [task.message.eventId, task])).values()];
    const ids = distinct.map(({ message }) => message.eventId);
    const allFresh = async () => {
      await inbox.claimFresh(id, ids);
      await project(distinct);
    };
    const projectOnce = async (task: Task) => {
      const fresh = await inbox.claim(id, [task.message.eventId]);
      if (fresh.size > 0) await project([task]);
    };
    const onlyFresh = async () => {
      const fresh = await inbox.claim(id, ids);
      await project(distinct.filter(({ message }) => fresh.has(message.eventId)));
    };
    try {
      await unitOfWork.runNew(allFresh).catch((error: unknown) => {
        if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
        return unitOfWork.runNew(onlyFresh);
      });
    } catch {
      for (const task of tasks) await retry(task, () => unitOfWork.run(() => projectOnce(task)));
    }
  };
}

const UNIQUE_VIOLATION = '23505';

async function project(tasks: readonly Task[]): Promise<void> {
  for (const { method, messages } of runs(tasks)) {
    if (method.mark.batch) await method.invoke(messages);
    else for (const message of messages) await method.invoke([message]);
  }
}

/** Neighbours for the same method, together: a batch form gets them at once, and the order across types is kept. */
function* runs(tasks: readonly Task[]): Generator<{ method: BoundMethod; messages: EventMessage[] }> {
  let run: { method: BoundMethod; messages: EventMessage[] } | undefined;
  for (const { method, message } of tasks) {
    if (run?.method === method) {
      run.messages.push(message);
      continue;
    }
    if (run) yield run;
    run = { method, messages: [message] };
  }
  if (run) yield run;
}

/** Reactions: a transaction per event; keys side by side, each key in order. */
export function reactionLane(keyConcurrency: number): Lane {
  return async (_handler, tasks, retry) => {
    const byKey = new Map<string, Task[]>();
    for (const task of tasks) {
      const queue = byKey.get(task.message.key);
      if (queue) queue.push(task);
      else byKey.set(task.message.key, [task]);
    }
    const queues = byKey.values();
    const worker = async () => {
      for (const queue of queues) {
        for (const task of queue) await retry(task, () => task.method.invoke([task.message]));
      }
    };
    await Promise.all(Array.from({ length: Math.min(keyConcurrency, byKey.size) }, worker));
  };
}
