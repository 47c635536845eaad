import { Shipment } from './shipment.js';

const now = new Date('2026-11-23T06:00:02.000Z');
const told = (shipment: Shipment) => shipment.pendingEvents().map(({ contract }) => contract.type);

describe('a shipment', () => {
  it('leaves once, however often it is asked for', () => {
    const shipment = Shipment.of('0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f');
    shipment.ship('DE', true, now);
    shipment.ship('DE', true, now);
    expect(told(shipment)).toEqual(['OrderShipped']);
  });

  it('cannot be cancelled once it has left', () => {
    const shipment = Shipment.of('0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f');
    shipment.ship('DE', true, now);
    shipment.cancel('customer');
    expect(told(shipment)).toEqual(['OrderShipped']);
  });

  it('never leaves when it was cancelled before it was asked for', () => {
    const shipment = Shipment.of('0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f');
    shipment.cancel('customer');
    shipment.ship('DE', true, now);
    expect(told(shipment)).toEqual(['ShipmentCancelled']);
  });

  it('is refused where the house does not ship to', () => {
    const shipment = Shipment.of('0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f');
    shipment.ship('AQ', false, now);
    expect(told(shipment)).toEqual(['ShippingRefused']);
  });
});
