import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operator, SimulatedSaga } from '@nestbox/eventing/testing';
import type { SagaInput } from '@nestbox/eventing/testing';
import { fulfilOrder } from '../../apps/fulfilment/src/saga/fulfil-order.js';
import * as story from './order-story.js';

/** One thing that happened to a saga of a released version, and what it made of that. */
interface Turn {
  readonly happening: SagaInput;
  readonly answer: unknown;
  readonly status: string;
  /** As it was stored after the turn: what a running saga of that version holds when the code is replaced. */
  readonly state: unknown;
}

const folder = join(process.cwd(), 'test/sagas/histories');
const { placed, reserved, captured, shipped, wish } = story;

/** What is recorded anew, with RECORD_SAGAS=v2, when a version of the saga is released. */
const told: Readonly<Record<string, readonly SagaInput[]>> = {
  shipped: [placed, reserved, captured, shipped],
  'stock-first': [reserved, placed, captured, shipped],
  'stock-rejected': [placed, story.rejected, story.cancelled],
  'payment-declined': [placed, reserved, story.declined, story.released, story.cancelled],
  'shipping-refused': [placed, reserved, captured, story.refused, story.refunded, story.released, story.cancelled],
  'cancelled-before-stock': [placed, wish, story.forgone, story.cancelled],
  'cancelled-in-time': [placed, reserved, captured, wish, story.shipmentCancelled, story.refunded, story.released, story.cancelled],
  'cancelled-too-late': [placed, reserved, captured, wish, shipped],
  'payment-late': [placed, reserved, story.silence, captured, story.refunded, story.released, story.cancelled],
  'stuck-and-retried': [placed, reserved, story.declined, story.longSilence, operator('retry'), story.released, story.cancelled],
};

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Without what a command's contract is made of: its type is what is recorded. */
function answerOf(answer: ReturnType<SimulatedSaga['happen']>): unknown {
  if (typeof answer === 'string') return answer;
  const commands = (answer.commands ?? []).map(({ contract: { type }, data }) => ({ type, data }));
  return plain({ commands, timeouts: answer.timeouts ?? {} });
}

function record(happenings: readonly SagaInput[]): Turn[] {
  const saga = new SimulatedSaga(fulfilOrder);
  return happenings.map((happening) => {
    const answer = answerOf(saga.happen(happening));
    return { happening, answer, status: saga.status, state: plain(saga.state ?? null) };
  });
}

if (process.env.RECORD_SAGAS) {
  const target = join(folder, process.env.RECORD_SAGAS);
  mkdirSync(target, { recursive: true });
  for (const [name, happenings] of Object.entries(told)) {
    writeFileSync(join(target, `${name}.json`), `${JSON.stringify(record(happenings), null, 1)}\n`);
  }
}

const histories = readdirSync(folder).flatMap((version) => readdirSync(join(folder, version)).map((file) => [version, file] as const));

describe.each(histories)('the recorded history %s/%s', (version, file) => {
  const turns = JSON.parse(readFileSync(join(folder, version, file), 'utf8')) as Turn[];

  it('is told the same by the code of today', () => {
    expect(record(turns.map(({ happening }) => happening))).toEqual(turns);
  });

  it('goes on the same from every state that it was stored in, when the code is replaced in the middle of it', () => {
    for (const [i, { happening, answer, status }] of turns.entries()) {
      const before = turns[i - 1];
      // Where time went by, more than one turn was taken.
      if (!before?.state || happening.kind === 'time') continue;
      const saga = new SimulatedSaga(fulfilOrder);
      saga.resume(before.state, before.status as 'running');
      expect([answerOf(saga.happen(happening)), saga.status]).toEqual([answer, status]);
    }
  });
});

describe('the recorded histories', () => {
  it('are there for the version that is released', () => {
    expect(histories.filter(([version]) => version === 'v1')).toHaveLength(Object.keys(told).length);
  });
});
