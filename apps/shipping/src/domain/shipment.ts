import { OrderShipped, ShipmentCancelled, ShippingRefused } from '@nestbox/contracts';
import { AggregateRoot } from '@nestbox/kernel';

/** A shipment can start as `cancelled`, when the cancellation arrives before the order to ship. */
export type ShipmentStatus = 'shipped' | 'refused' | 'cancelled';

/** The parcel of an order. The first of shipping and cancelling is final. */
export class Shipment extends AggregateRoot {
  orderId!: string;
  region!: string | null;
  status!: ShipmentStatus | undefined;

  static of(orderId: string): Shipment {
    return Object.assign(new Shipment(), { orderId, region: null, status: undefined });
  }

  ship(region: string, isServed: boolean, now: Date): void {
    if (this.status !== undefined) return;
    const { orderId } = this;
    Object.assign(this, { region, status: isServed ? 'shipped' : 'refused' });
    if (isServed) this.raise(OrderShipped, { orderId, region, shippedAt: now.toISOString() });
    else this.raise(ShippingRefused, { orderId, region });
  }

  /** No effect after shipping, which OrderShipped has announced. A refused shipment can still be cancelled. */
  cancel(reason: ShipmentCancelled['reason']): void {
    if (this.status === 'shipped' || this.status === 'cancelled') return;
    this.status = 'cancelled';
    this.raise(ShipmentCancelled, { orderId: this.orderId, reason });
  }
}
