import { marksOf } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import { EventingError } from '@nestbox/messaging';
import type { Type } from '@nestjs/common';
import { PROPERTY_DEPS_METADATA, SELF_DECLARED_DEPS_METADATA } from '@nestjs/common/constants.js';

/**
 * A projection that can be rebuilt may be handed nothing that reaches the world: no bus, no outbox, no port, no second way
 * to the database. Throws HANDLER_INVALID, naming what is too much.
 */
export function refuseEffects(handlers: Type): void {
  const view = marksOf(handlers).find(({ tables }) => tables !== undefined);
  if (!view) return;
  const types = (Reflect.getMetadata('design:paramtypes', handlers) as unknown[] | undefined) ?? [];
  const declared = (Reflect.getMetadata(SELF_DECLARED_DEPS_METADATA, handlers) as { index: number; param: unknown }[] | undefined) ?? [];
  const tokens = types.map((type, index) => declared.find((dependency) => dependency.index === index)?.param ?? type);
  const properties = (Reflect.getMetadata(PROPERTY_DEPS_METADATA, handlers) as { type: unknown }[] | undefined) ?? [];
  const surplus = [...tokens, ...properties.map(({ type }) => type)].find((token) => token !== UnitOfWork);
  if (surplus === undefined) return;
  const name = typeof surplus === 'function' ? surplus.name : String(surplus);
  throw new EventingError(
    'HANDLER_INVALID',
    `${handlers.name} fills ${view.tables!.join(', ')} and injects ${name}: what can be rebuilt may inject UnitOfWork only.`,
  );
}
