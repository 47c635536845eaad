import { CancelShipment, ShipOrder } from '@nestbox/contracts';
import { eventually } from '@nestbox/eventing/testing';
import { uuid7 } from '@nestbox/kernel';
import { ShopApp } from '../../../test/support/shop-app.js';
import { migrations } from './persistence/migrations/index.js';
import { ShippingModule } from './shipping.module.js';

describe('shipping', () => {
  let shipping: ShopApp;

  beforeAll(async () => {
    shipping = await ShopApp.start(ShippingModule, migrations);
  });
  afterAll(() => shipping?.stop());

  const ship = (orderId: string, region = 'DE') =>
    shipping.hear(ShipOrder, { orderId, region, lines: [{ sku: 'mug-blue', quantity: 1 }] });
  const cancel = (orderId: string) => shipping.hear(CancelShipment, { orderId, reason: 'customer' });
  const saysOf = (orderId: string, ...types: string[]) =>
    eventually(() => {
      const said = shipping.said('shipping.shipments').filter(({ data }) => (data as { orderId: string }).orderId === orderId);
      expect(said.map(({ eventType }) => eventType)).toEqual(types);
    });

  it('ships an order once, however often it is asked', async () => {
    const orderId = uuid7();
    await ship(orderId);
    await ship(orderId);
    await cancel(orderId);
    await shipping.caughtUp('shipping', 'shipping.commands');
    await saysOf(orderId, 'OrderShipped');
    expect((await shipping.get(`/shipments/${orderId}`)).body).toEqual({ orderId, status: 'shipped', region: 'DE' });
  });

  it('never ships what was cancelled before it was asked to', async () => {
    const orderId = uuid7();
    await cancel(orderId);
    await ship(orderId);
    await shipping.caughtUp('shipping', 'shipping.commands');
    await saysOf(orderId, 'ShipmentCancelled');
  });

  it('refuses the regions that it was told, until it is told otherwise', async () => {
    await shipping.send('PUT', '/sandbox', { refusedRegions: ['AQ', 'AQ'] });
    const [there, elsewhere, later] = [uuid7(), uuid7(), uuid7()];
    await ship(there, 'AQ');
    await ship(elsewhere, 'FR');
    await saysOf(there, 'ShippingRefused');
    await saysOf(elsewhere, 'OrderShipped');
    await shipping.send('PUT', '/sandbox', { refusedRegions: [] });
    await ship(later, 'AQ');
    await saysOf(later, 'OrderShipped');
    expect((await shipping.send('PUT', '/sandbox', { refusedRegions: ['nowhere'] })).status).toBe(400);
  });
});
