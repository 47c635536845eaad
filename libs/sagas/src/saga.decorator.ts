import { SAGA_MARK, sagaMarkOn } from '@nestbox/kernel';
import { SetMetadata } from '@nestjs/common';
import type { SagaDefinition } from './saga.js';

/** Marks a provider class as a saga; the consumer finds it when the app starts. */
export function Saga(definition: SagaDefinition): ClassDecorator {
  return SetMetadata(SAGA_MARK, definition);
}

/** Undefined for a class without the mark. */
export function sagaOf(type: unknown): SagaDefinition | undefined {
  return sagaMarkOn<SagaDefinition>(type);
}
