import { HandlesEvent } from '@nestbox/consumer';
import { defineEvent } from '@nestbox/kernel';
import type { EventMessage } from '@nestbox/messaging';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { quick } from '../../../../test/support/eventing/poison.fixture.js';
import { record, ShopUnderPoison } from '../../../../test/support/eventing/shop-under-poison.fixture.js';

const schema = z.object({ orderId: z.string(), name: z.string().meta({ 'x-personal-data': true }) });
const OrderPlaced = defineEvent({
  type: 'OrderPlaced',
  version: 1,
  topic: 'checkout.orders',
  description: 'A customer, known by name, has placed an order.',
  schema,
  key: ({ orderId }) => orderId,
  personal: { subject: ({ name }) => name, fields: { name: 'forgotten' } },
  examples: [{ orderId: 'order-1', name: 'Ada' }],
});

@Controller()
class GreetCustomer {
  @HandlesEvent(OrderPlaced, { id: 'email.greet-customer', retry: quick })
  async greet({ data }: EventMessage<z.infer<typeof schema>>): Promise<void> {
    throw new TypeError(`there is no card for ${data.name} of ${data.orderId}`);
  }
}

describe('a handler that fails', () => {
  let shop: ShopUnderPoison;
  beforeEach(async () => void (shop = await ShopUnderPoison.open([GreetCustomer])));
  afterEach(() => shop.close());

  const kept = async () => {
    const [letter] = (await shop.letters.list()).letters;
    const { errorMessage, attempts } = await shop.letters.get(letter!.id);
    return [errorMessage, ...attempts.map(({ message }) => message)];
  };
  const says = 'there is no card for <personal> of order-1';

  it('leaves nothing of the person in its dead letter, neither at first nor at a redrive', async () => {
    const { key, value, headers } = record('order-1', 1, { data: { orderId: 'order-1', name: 'Ada Lovelace' } });
    await shop.publishRaw(key, value, headers);
    await shop.caughtUp();
    expect(await kept()).toEqual([says, says, says, says]);

    const report = await shop.letters.redrive({}, { actor: 'ada', reason: 'the cards are there' });
    expect(report.failed).toMatchObject([{ error: says }]);
    expect(await kept()).toEqual([says, says, says, says, says]);
  });
});
