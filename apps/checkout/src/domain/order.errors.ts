import { DomainError } from '@nestbox/kernel';

export class OrderNotFound extends DomainError {
  readonly code = 'ORDER_NOT_FOUND';
  override readonly kind = 'missing';

  constructor() {
    super('There is no such order.');
  }
}

export class OrderAlreadyCancelled extends DomainError {
  readonly code = 'ORDER_ALREADY_CANCELLED';

  constructor() {
    super('This order has been cancelled already, or is about to be.');
  }
}

export class OrderAlreadyShipped extends DomainError {
  readonly code = 'ORDER_ALREADY_SHIPPED';

  constructor() {
    super('This order has been shipped already.');
  }
}

/** Somebody orders in the name of another. */
export class NotYourself extends DomainError {
  readonly code = 'NOT_YOURSELF';
  override readonly kind = 'rule';

  constructor() {
    super('Orders can be placed for oneself only: leave userId out.');
  }
}

export class UnknownSku extends DomainError {
  readonly code = 'UNKNOWN_SKU';
  override readonly kind = 'rule';

  constructor(skus: readonly string[]) {
    super(`Not for sale: ${skus.slice(0, 5).join(', ')}${skus.length > 5 ? ' …' : ''}.`);
  }
}

export class QuantityTooHigh extends DomainError {
  readonly code = 'QUANTITY_TOO_HIGH';
  override readonly kind = 'rule';

  constructor(sku: string, most: number) {
    super(`At most ${most} of ${sku} go into one order.`);
  }
}

export class OrderTotalTooHigh extends DomainError {
  readonly code = 'ORDER_TOTAL_TOO_HIGH';
  override readonly kind = 'rule';

  constructor(mostCents: number) {
    super(`One order may come to ${mostCents} cents at most.`);
  }
}
