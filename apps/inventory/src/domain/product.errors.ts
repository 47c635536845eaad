import { DomainError } from '@nestbox/kernel';

export class ProductNotFound extends DomainError {
  readonly code = 'PRODUCT_NOT_FOUND';
  override readonly kind = 'missing';

  constructor() {
    super('There is no such product.');
  }
}

export class OnHandBelowReserved extends DomainError {
  readonly code = 'ON_HAND_BELOW_RESERVED';

  constructor() {
    super('More is set aside for orders than would then be there.');
  }
}
