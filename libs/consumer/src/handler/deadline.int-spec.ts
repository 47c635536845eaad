import { UnitOfWork } from '@nestbox/database';
import { eventually } from '@nestbox/kernel/testing';
import type { EventMessage } from '@nestbox/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ShopUnderPoison } from '../../../../test/support/eventing/shop-under-poison.fixture.js';
import { OrderPlaced } from '../../../../test/support/eventing/shop.fixture.js';
import type { OrderData } from '../../../../test/support/eventing/shop.fixture.js';
import { HandlesEvent, ProjectsEvent } from './handles-event.js';

const options = { deadlineMs: 100, retry: { attempts: 2, inPlace: 2 } };
const leave = (event: EventMessage<OrderData>, handler: string) => ({
  text: 'INSERT INTO effects (handler, event_id, key, version) VALUES ($1, $2, $3, $4)',
  values: [handler, event.eventId, event.key, event.aggregateVersion],
});

/** Hangs on order-1 until it is let go, and then tries to write what it meant to write. */
class Hanging {
  static letGo: () => void;
  static held: Promise<void>;
  static late: unknown[] = [];

  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  protected async handle(event: EventMessage<OrderData>, handler: string): Promise<void> {
    if (event.key === 'order-1') await Hanging.held;
    try {
      this.unitOfWork.write(leave(event, handler));
    } catch (error) {
      Hanging.late.push((error as { code: string }).code);
    }
  }
}

@Controller()
class HangingReaction extends Hanging {
  @HandlesEvent(OrderPlaced, { id: 'inventory.reserve-stock', ...options })
  reserve(event: EventMessage<OrderData>): Promise<void> {
    return this.handle(event, 'inventory.reserve-stock');
  }
}

@Controller()
class HangingProjection extends Hanging {
  @ProjectsEvent(OrderPlaced, { id: 'search.orders', ...options })
  placed(event: EventMessage<OrderData>): Promise<void> {
    return this.handle(event, 'search.orders');
  }
}

describe.each([
  ['a reaction', HangingReaction, 'inventory.reserve-stock'],
  ['a projection', HangingProjection, 'search.orders'],
])('%s that does not come back', (_kind, handlerClass, handler) => {
  it('is parked after its deadline; other keys go on, and what it does later writes nothing', async () => {
    Hanging.held = new Promise((resolve) => (Hanging.letGo = resolve));
    Hanging.late = [];
    const shop = await ShopUnderPoison.open([handlerClass]);
    await shop.publish('order-1', 'order-2', 'order-3');
    await shop.caughtUp();

    expect([await shop.versionsOf(handler, 'order-2'), await shop.versionsOf(handler, 'order-3')]).toEqual([[1], [1]]);
    expect(await shop.parked(handler)).toMatchObject([{ key: 'order-1', status: 'parked' }]);
    expect((await shop.letters.list()).letters[0]).toMatchObject({ errorCode: 'HANDLER_TIMEOUT' });

    Hanging.letGo();
    await eventually(() => expect(Hanging.late.length).toBeGreaterThanOrEqual(2));
    expect(new Set(Hanging.late)).toEqual(new Set(['NO_UNIT_OF_WORK']));
    expect(await shop.versionsOf(handler, 'order-1')).toEqual([]);
    await shop.close();
  });
});
