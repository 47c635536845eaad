import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { HANDLER_MARK } from '../consumer/handles-event.js';
import type { HandlerMark } from '../consumer/handles-event.js';
import { EventingError } from '../eventing.error.js';

/** A handler that can be waited for, and the event types that it takes. */
export interface Waitable {
  readonly id: string;
  readonly eventTypes: ReadonlySet<string>;
}

/** The marks on a class's methods. */
export function marksOf({ prototype }: Type): HandlerMark[] {
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const method = Object.getOwnPropertyDescriptor(prototype, name)?.value as object | undefined;
    const mark = typeof method === 'function' ? (Reflect.getMetadata(HANDLER_MARK, method) as HandlerMark | undefined) : undefined;
    return mark ? [mark] : [];
  });
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
