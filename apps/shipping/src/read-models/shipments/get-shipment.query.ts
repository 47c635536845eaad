import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';

export interface ShipmentDetails {
  readonly orderId: string;
  readonly status: 'shipped' | 'refused' | 'cancelled';
  /** Null when it was cancelled before the order to ship arrived. */
  readonly region: string | null;
}

export class GetShipment extends Query<ShipmentDetails | undefined> {
  constructor(readonly orderId: string) {
    super();
  }
}

@QueryHandler(GetShipment)
export class GetShipmentHandler implements IQueryHandler<GetShipment> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ orderId }: GetShipment): Promise<ShipmentDetails | undefined> {
    const [row]: ShipmentDetails[] = await this.unitOfWork.manager.query(
      'SELECT order_id AS "orderId", status, region FROM shipments WHERE order_id = $1',
      [orderId],
    );
    return row;
  }
}
