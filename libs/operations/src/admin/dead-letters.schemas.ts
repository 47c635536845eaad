import type { DeadLetterFilter, DeadLetterSelection } from '@nestbox/consumer';
import { z } from 'zod';
import { act, rowId } from './act.schemas.js';

const text = z.string().min(1).max(1_000);
const moment = z.iso.datetime({ offset: true });

const conditions = {
  handler: text.optional(),
  key: text.optional(),
  eventType: text.optional(),
  cause: text.optional(),
  parkedSince: moment.optional(),
  parkedUntil: moment.optional(),
};

const status = z.enum(['parked', 'delayed', 'redriven', 'discarded', 'edited', 'any']).default('parked');
export const CausesQuery = z.strictObject({ ...conditions, status });
export type CausesQuery = z.output<typeof CausesQuery>;
export const DeadLettersQuery = z.strictObject({
  ...conditions,
  status,
  after: rowId.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export type DeadLettersQuery = z.output<typeof DeadLettersQuery>;

const isMeant = ({ id, all, ...rest }: { id?: string; all?: true; [condition: string]: unknown }) => {
  const conditioned = Object.values(rest).some((value) => value !== undefined);
  return [id !== undefined, all === true, conditioned].filter(Boolean).length === 1;
};

/** An empty selection is refused: it must not mean all. */
const Selection = z
  .strictObject({ id: rowId.optional(), ...conditions, all: z.literal(true).optional() })
  .refine(isMeant, 'Give the id of one dead letter, or conditions, or all: true');
type Selection = z.output<typeof Selection>;

export const RedriveRequest = z.strictObject({
  selection: Selection,
  ...act,
  dryRun: z.boolean().default(false),
  ratePerSecond: z.number().positive().max(10_000).default(100),
});
export type RedriveRequest = z.output<typeof RedriveRequest>;

export const DiscardRequest = z.strictObject({ selection: Selection, ...act, dryRun: z.boolean().default(false) });
export type DiscardRequest = z.output<typeof DiscardRequest>;

export const EditRequest = z
  .strictObject({ ...act, data: z.unknown().optional(), value: z.string().optional() })
  .refine(({ data, value }) => (data === undefined) !== (value === undefined), 'Give either data or value');
export type EditRequest = z.output<typeof EditRequest>;

export const UndoRequest = z.strictObject({ ...act, outOfOrder: z.boolean().default(false) });
export type UndoRequest = z.output<typeof UndoRequest>;

export function filterOf({ status: wanted, ...query }: CausesQuery): DeadLetterFilter {
  return { ...conditionsOf(query), status: wanted === 'any' ? undefined : wanted };
}

export function selectionOf({ id, ...rest }: Selection): DeadLetterSelection {
  return id === undefined ? conditionsOf(rest) : { id };
}

function conditionsOf({
  handler,
  key,
  eventType,
  cause,
  parkedSince,
  parkedUntil,
}: Omit<Selection, 'id' | 'all'>): DeadLetterFilter {
  const date = (value?: string) => (value === undefined ? undefined : new Date(value));
  return { handler, key, eventType, cause, parkedSince: date(parkedSince), parkedUntil: date(parkedUntil) };
}
