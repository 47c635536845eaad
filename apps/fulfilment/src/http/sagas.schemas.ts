import { orderId } from '@nestbox/contracts';
import { z } from 'zod';

const status = z.enum(['running', 'completed', 'compensating', 'compensated', 'stuck', 'cancelled']);
const at = z.iso.datetime();

export const OrderId = orderId;

export const SagasRequest = z.strictObject({
  status: status.optional(),
  after: orderId.optional().meta({ description: 'The last orderId of the page before.' }),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export type SagasRequest = z.output<typeof SagasRequest>;

const summary = {
  orderId,
  status,
  note: z.string().nullable().meta({ description: 'The reason for its status.' }),
  startedAt: at,
  changedAt: at,
  endedAt: at.nullable(),
};
const example = {
  orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f',
  status: 'running',
  note: null,
  startedAt: '2026-11-23T06:00:00.000Z',
  changedAt: '2026-11-23T06:00:00.120Z',
  endedAt: null,
} as const;

export const SagasAnswer = z.array(z.object(summary)).meta({ examples: [[example]] });

export const SagaAnswer = z
  .object({
    ...summary,
    state: z.object({
      direction: z.enum(['forward', 'back']),
      at: z.string().meta({ description: 'The step whose answer, or whose undoing, is awaited.' }),
      tries: z.int(),
      steps: z.record(z.string(), z.enum(['asked', 'done', 'refused', 'undone'])),
    }),
    history: z.array(
      z.object({
        at,
        cause: z.string().meta({ description: 'The event, the timeout or the operator that caused this entry.' }),
        eventId: z.uuid().nullable(),
        answer: z.enum(['taken', 'ignored', 'late']),
        status,
        commands: z.array(z.string()),
        note: z.string().nullable(),
      }),
    ),
    timeouts: z.array(z.object({ name: z.string(), dueAt: at })),
  })
  .meta({
    examples: [
      {
        ...example,
        state: { direction: 'forward', at: 'capture-payment', tries: 1, steps: { 'reserve-stock': 'done', 'capture-payment': 'asked' } },
        history: [
          {
            at: '2026-11-23T06:00:00.120Z',
            cause: 'StockReserved',
            eventId: '0191e7a0-5c3b-7c4f-8a1b-2c3d4e5f6071',
            answer: 'taken',
            status: 'running',
            commands: ['CapturePayment'],
            note: null,
          },
        ],
        timeouts: [{ name: 'capture-payment', dueAt: '2026-11-23T06:02:00.120Z' }],
      },
    ],
  });
