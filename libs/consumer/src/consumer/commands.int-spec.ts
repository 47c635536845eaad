import { UnitOfWork } from '@nestbox/database';
import { defineCommand, issue } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import type { CommandMessage } from '@nestbox/messaging';
import { InMemoryBroker } from '@nestbox/messaging/testing';
import { Outbox } from '@nestbox/outbox';
import { Controller, Inject } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { z } from 'zod';
import { RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import { HandlesCommand } from '../handler/handles-event.js';

const schema = z.object({ orderId: z.string(), parcels: z.int() });
const shipOrder = (recipient: string) =>
  defineCommand({
    type: 'ShipOrder',
    version: 1,
    recipient,
    description: 'Hand an order over to the carrier.',
    schema,
    key: ({ orderId }) => orderId,
    examples: [{ orderId: 'order-1', parcels: 1 }],
  });
const ShipOrder = shipOrder('shipping');
const topics = [{ name: 'shipping.commands', partitions: 4 }];

@Controller()
class ShipsOrders {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @HandlesCommand(ShipOrder, { id: 'shipping.ship-order' })
  async ship({ eventId, key, aggregateVersion }: CommandMessage<z.infer<typeof schema>>): Promise<void> {
    const text = 'INSERT INTO effects (handler, event_id, key, version) VALUES ($1, $2, $3, $4)';
    await this.unitOfWork.query(text, ['shipping.ship-order', eventId, key, aggregateVersion]);
  }
}

describe('a command on the wire', () => {
  it('goes through the outbox to its one recipient, and is carried out once however often it is delivered', async () => {
    const broker = new InMemoryBroker();
    const sender = await RunningContext.start({ broker, context: 'fulfilment', topics });
    const recipient = await RunningContext.start({ broker, context: 'shipping', topics, handlers: [ShipsOrders] });
    try {
      const [eventId] = await sender.unitOfWork.run(async () =>
        sender.app.get(Outbox).send([issue(ShipOrder, { orderId: 'order-7', parcels: 2 })], 3),
      );
      const record = await eventually(() => {
        const [found] = broker.log.topic('shipping.commands')!.flatMap(({ records }) => records);
        return found ?? Promise.reject(new Error('not on the topic yet'));
      });
      expect(record.headers).toMatchObject({ ce_type: 'shipping.ShipOrder.v1', ce_source: '/fulfilment' });
      await broker.publish([{ topic: 'shipping.commands', key: 'order-7', value: record.value!, headers: record.headers }]);

      await eventually(async () => {
        const lags = await broker.lag('shipping', ['shipping.commands']);
        expect(lags.filter(({ end }) => end === '2')).toEqual([expect.objectContaining({ lag: 0 })]);
      });
      const done = [{ event_id: eventId, key: 'order-7', version: 3 }];
      expect(await recipient.effects('shipping.ship-order')).toEqual(done);
    } finally {
      await recipient.stop();
      await sender.stop();
    }
  });

  it('is refused to anybody but its recipient, and to a second handler, when the app starts', async () => {
    @Controller()
    class ShipsThemToo {
      @HandlesCommand(ShipOrder, { id: 'shipping.ship-again' })
      ship(_command: CommandMessage<z.infer<typeof schema>>): void {}
    }
    const start = (context: string, handlers: Type[]) =>
      RunningContext.start({ broker: new InMemoryBroker(), context, topics, handlers });

    await expect(start('billing', [ShipsOrders])).rejects.toThrow(
      'Handler shipping.ship-order: ShipOrder is addressed to shipping, so billing may not carry it out: handle it there.',
    );
    await expect(start('shipping', [ShipsOrders, ShipsThemToo])).rejects.toThrow(
      'ShipOrder has two handlers, shipping.ship-order and shipping.ship-again: a command is carried out once, so remove one.',
    );
  });

  it('cannot be defined without a recipient, in the past tense, or with an example that breaks its schema', () => {
    const base = { version: 1, recipient: 'shipping', description: '', schema, key: () => 'order-1' };
    const examples = [{ orderId: 'order-1', parcels: 1 }];
    expect(() => shipOrder('Shipping!')).toThrow('"Shipping!" is no context; a command names its one recipient.');
    expect(() => defineCommand({ ...base, type: 'OrderShipped', examples })).toThrow('past tense states a fact');
    expect(() => defineCommand({ ...base, type: 'ShipOrder', examples: [] })).toThrow('give at least one example');
    expect(() => issue(ShipOrder, { orderId: 'order-1', parcels: 1.5 })).toThrow('data breaks its contract: parcels');
  });
});
