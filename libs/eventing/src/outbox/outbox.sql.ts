export const INSERT_ONE = {
  name: 'nestbox-outbox-one',
  text: 'INSERT INTO nestbox.outbox (bucket, topic, key, headers, value) VALUES ($1, $2, $3, $4, $5)',
};

/** unnest keeps the arrays' order, and nextval is called row by row: ids follow the order of raising. */
export const INSERT_MANY = {
  name: 'nestbox-outbox-many',
  text: `INSERT INTO nestbox.outbox (bucket, topic, key, headers, value)
    SELECT * FROM unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::text[])`,
};
