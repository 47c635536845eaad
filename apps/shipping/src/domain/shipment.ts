import { OrderShipped, ShipmentCancelled, ShippingRefused } from '@nestbox/contracts';
import { AggregateRoot } from '@nestbox/kernel';

/** `cancelled` may be all that there ever was of it: a cancellation that came before the order to ship. */
export type ShipmentStatus = 'shipped' | 'refused' | 'cancelled';

/** The one parcel of an order. Whichever of shipping and cancelling comes first is final. */
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

  /** Too late for a parcel that has left; OrderShipped has said so. One that was refused is cancelled all the same. */
  cancel(reason: ShipmentCancelled['reason']): void {
    if (this.status === 'shipped' || this.status === 'cancelled') return;
    this.status = 'cancelled';
    this.raise(ShipmentCancelled, { orderId: this.orderId, reason });
  }
}
