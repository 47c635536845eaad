import { isUuid } from '@nestbox/kernel';

/** One event that a write has committed. */
export interface Written {
  readonly eventId: string;
  /** `OrderPlaced`. Without it, a projection that does not read such events looks like one that lags. */
  readonly eventType?: string;
}

/** The events that one request has committed. It is not an offset in a log. */
export type Position = readonly Written[];

/** More events would not fit into the headers that servers accept. */
export const MOST_IN_POSITION = 128;

/**
 * `OrderPlaced:0191e7a0-…, OrderCancelled:0191e7a1-…`. Undefined for no events, and for more than 128: a reader that waits
 * for only some of them would stop waiting too early.
 */
export function formatPosition(position: Position): string | undefined {
  if (position.length === 0 || position.length > MOST_IN_POSITION) return undefined;
  return position.map(({ eventType, eventId }) => (eventType ? `${eventType}:${eventId}` : eventId)).join(', ');
}

/** Undefined when the text is no position. Accepts ids without a type. */
export function parsePosition(text: string): Position | undefined {
  const parts = text.split(',', MOST_IN_POSITION + 1).map((part) => part.trim());
  const position = parts.map(parseWritten);
  if (parts.length > MOST_IN_POSITION || position.includes(undefined)) return undefined;
  return position as Written[];
}

function parseWritten(part: string): Written | undefined {
  const [, eventType, id] = /^(?:([A-Z][A-Za-z0-9]{0,127}):)?([0-9A-Fa-f-]{36})$/.exec(part) ?? [];
  if (id === undefined || !isUuid(id)) return undefined;
  return { eventId: id.toLowerCase(), ...(eventType && { eventType }) };
}
