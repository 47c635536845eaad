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
    super(`${saga} ${id} is over: nothing can be done about it any more.`);
  }
}

export class SagaCannotBeCancelled extends DomainError {
  readonly code = 'SAGA_CANNOT_BE_CANCELLED';
  constructor(saga: string, id: string) {
    super(`${saga} ${id} is being taken back already, or is past the point from which there is a way back.`);
  }
}
