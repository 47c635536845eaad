import { marksOf } from '@nestbox/consumer';
import { EventingError } from '@nestbox/messaging';
import type { Type } from '@nestjs/common';

/** A handler that can be waited for, and the event types that it takes. */
export interface Waitable {
  readonly id: string;
  readonly eventTypes: ReadonlySet<string>;
}

/** The handlers in a class. Throws HANDLER_INVALID when there is none: waiting for it would always succeed. */
export function waitablesIn(handlers: Type): Waitable[] {
  const marks = marksOf(handlers);
  if (marks.length === 0) {
    throw new EventingError('HANDLER_INVALID', `${handlers.name} handles no event: name a class with @ProjectsEvent or @HandlesEvent.`);
  }
  return [...new Set(marks.map(({ id }) => id))].map((id) => ({
    id,
    eventTypes: new Set(marks.filter((mark) => mark.id === id).map(({ contract }) => contract.type)),
  }));
}
