import { SetMetadata } from '@nestjs/common';
import type { SagaDefinition } from './saga.js';

export const SAGA = 'nestbox:saga';

/** Marks a provider as the place of a saga; the consumer finds it when the app starts. */
export function Saga(definition: SagaDefinition): ClassDecorator {
  return SetMetadata(SAGA, definition);
}

/** Undefined for a class without the mark. */
export function sagaOf(type: unknown): SagaDefinition | undefined {
  return typeof type === 'function' ? (Reflect.getMetadata(SAGA, type) as SagaDefinition | undefined) : undefined;
}
