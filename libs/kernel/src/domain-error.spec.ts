import { DomainError } from './domain-error.js';

class OrderAlreadyShipped extends DomainError {
  readonly code = 'ORDER_ALREADY_SHIPPED';
}
class NoSuchOrder extends DomainError {
  readonly code = 'NO_SUCH_ORDER';
  override readonly kind = 'missing';
}

describe('a refusal of the business', () => {
  it('has the name of its class, so that logs can be searched for it', () => {
    const error = new OrderAlreadyShipped('Order 1 has been shipped.');
    expect(String(error)).toBe('OrderAlreadyShipped: Order 1 has been shipped.');
    expect(error.stack).toContain('domain-error.spec');
  });

  it('is a conflict unless it says otherwise', () => {
    expect(new OrderAlreadyShipped().kind).toBe('conflict');
    expect(new NoSuchOrder().kind).toBe('missing');
  });

  it('is known as an error and as a refusal, and keeps its cause', () => {
    const cause = new Error('version 3 instead of 2');
    const error = new NoSuchOrder('There is no order 1.', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(DomainError);
    expect([error.code, error.cause]).toEqual(['NO_SUCH_ORDER', cause]);
  });
});
