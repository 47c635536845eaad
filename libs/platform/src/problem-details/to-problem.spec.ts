import { BadRequestException, NotFoundException } from '@nestjs/common';
import { DatabaseError } from '@nestbox/database';
import { ContractError, DomainError } from '@nestbox/kernel';
import { toProblem } from './to-problem.js';

class OrderAlreadyShipped extends DomainError {
  readonly code = 'ORDER_ALREADY_SHIPPED';
}
class UnknownSku extends DomainError {
  readonly code = 'UNKNOWN_SKU';
  override readonly kind = 'rule';
}
class OrderNotFound extends DomainError {
  readonly code = 'ORDER_NOT_FOUND';
  override readonly kind = 'missing';
}

const failed = (properties: object) => Object.assign(new Error('select secrets from orders'), properties);
const eventingError = (code: string) => failed({ name: 'EventingError', code });

describe('problem details', () => {
  it.each([
    [new OrderAlreadyShipped('It left yesterday.'), 409],
    [new UnknownSku('No such product.'), 422],
    [new OrderNotFound('No such order.'), 404],
    [new DatabaseError('VERSION_CONFLICT', 'stale'), 409],
    [new DatabaseError('COMMIT_OUTCOME_UNKNOWN', 'lost'), 503],
    [new DatabaseError('NO_UNIT_OF_WORK', 'a bug'), 500],
    [new ContractError('too long'), 422],
    [eventingError('EVENT_INVALID'), 500],
    [eventingError('BATCH_UNREADABLE'), 500],
    [eventingError('BROKER_UNAVAILABLE'), 503],
    [eventingError('OUTBOX_FULL'), 503],
    [failed({ code: '40P01' }), 503],
    [failed({ driverError: failed({ code: '57P01' }) }), 503],
    [failed({ code: '57014' }), 503],
    [failed({ code: '25006' }), 503],
    [new DatabaseError('TOO_MANY_WAITING', 'a burst'), 503],
    [new DatabaseError('CALLER_GONE', 'hung up'), 499],
    [failed({ code: 'ECONNREFUSED' }), 503],
    [new Error('Connection terminated unexpectedly'), 503],
    [failed({ name: 'QueryRunnerAlreadyReleasedError' }), 503],
    [failed({ code: '22021' }), 400],
    [failed({ code: '23505' }), 409],
    [new NotFoundException(), 404],
    ['a thrown string', 500],
    [undefined, 500],
  ])('answers %p with %i', (error, status) => {
    expect(toProblem(error).status).toBe(status);
  });

  it('names a refusal of the business by code, type and title', () => {
    expect(toProblem(new OrderAlreadyShipped('It left yesterday.'))).toEqual({
      type: 'urn:nestbox:problem:order-already-shipped',
      title: 'Order already shipped',
      status: 409,
      code: 'ORDER_ALREADY_SHIPPED',
      detail: 'It left yesterday.',
    });
  });

  it('lists the fields of a refused request', () => {
    const errors = [{ path: 'lines.0.quantity', message: 'Too small' }];
    expect(toProblem(new BadRequestException({ code: 'VALIDATION_FAILED', message: 'See errors.', errors }))).toMatchObject({
      status: 400,
      code: 'VALIDATION_FAILED',
      errors,
    });
  });

  it('asks to come back when the machine failed', () => {
    expect(toProblem(eventingError('BROKER_UNAVAILABLE')).retryAfter).toBe(1);
  });

  it.each([new Error('password=secret'), failed({ code: '42P01' }), failed({ code: '40001' })])('lets nothing of %p out', (error) => {
    expect(JSON.stringify(toProblem(error))).not.toMatch(/secret|42P01|40001/);
  });
});
