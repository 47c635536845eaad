/** What is done with an event, the same by hand and in a handler. */
export const ORDER_UPSERT = {
  name: 'bench-order',
  text: 'INSERT INTO orders (id, total_cents) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET total_cents = excluded.total_cents',
};

export const REVENUE_UPSERT = {
  name: 'bench-revenue',
  text: `INSERT INTO revenue (period, orders, total_cents)
    SELECT p, count(*), sum(t) FROM unnest($1::text[], $2::int[]) AS each(p, t) GROUP BY p ORDER BY p
    ON CONFLICT (period) DO UPDATE SET orders = revenue.orders + excluded.orders,
      total_cents = revenue.total_cents + excluded.total_cents`,
};
