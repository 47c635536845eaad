import { EntitySchema } from 'typeorm';
import { Reservation } from '../domain/reservation.js';

export const ReservationTable = new EntitySchema<Reservation>({
  name: 'Reservation',
  target: Reservation,
  tableName: 'reservations',
  columns: {
    orderId: { name: 'order_id', type: 'uuid', primary: true },
    version: { type: 'int' },
    status: { type: 'text' },
    lines: { type: 'jsonb' },
  },
});
