import { RING_SLOTS, slotAt } from './ring.js';

const COLUMNS = '(bucket, topic, key, headers, value)';

const INTO_SLOT = Array.from({ length: RING_SLOTS }, (_, slot) => ({
  one: {
    name: `nestbox-outbox-one-${slot}`,
    text: `INSERT INTO nestbox.outbox_${slot} ${COLUMNS} VALUES ($1, $2, $3, $4, $5)`,
  },
  // unnest keeps the arrays' order, and nextval is called row by row: ids follow the order of raising.
  many: {
    name: `nestbox-outbox-many-${slot}`,
    text: `INSERT INTO nestbox.outbox_${slot} ${COLUMNS}
      SELECT * FROM unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::text[])`,
  },
}));

/** The statements that write into the table of the ring whose turn it is. */
export function inserts(): (typeof INTO_SLOT)[number] {
  return INTO_SLOT[slotAt(Date.now())]!;
}
