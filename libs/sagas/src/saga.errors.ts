import { DomainError } from '@nestbox/kernel';

export class SagaNotFound extends DomainError {
  readonly code = 'SAGA_NOT_FOUND';
  override readonly kind = 'missing';
  constructor(saga: string, id: string) {
    super(`There is no ${saga} for ${id}.`);
  }
}

export class SagaOver extends DomainError {
  readonly code = 'SAGA_OVER';
  constructor(saga: string, id: string) {
    super(`${saga} ${id} is over: it cannot be changed any more.`);
  }
}

export class SagaCannotBeCancelled extends DomainError {
  readonly code = 'SAGA_CANNOT_BE_CANCELLED';
  constructor(saga: string, id: string) {
    super(`${saga} ${id} is being undone already, or is past the point of no return.`);
  }
}
