import { EntitySchema } from 'typeorm';
import { Shipment } from '../domain/shipment.js';

export const ShipmentTable = new EntitySchema<Shipment>({
  name: 'Shipment',
  target: Shipment,
  tableName: 'shipments',
  columns: {
    orderId: { name: 'order_id', type: 'uuid', primary: true },
    version: { type: 'int' },
    region: { type: 'text', nullable: true },
    status: { type: 'text' },
  },
});
