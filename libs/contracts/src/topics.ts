/**
 * Partitions per topic: the most consumers of one group that can share it. Changing a number moves keys between
 * partitions and so breaks their order; Nestbox refuses to start on a topic that differs.
 */
export const topics = [
  { name: 'checkout.commands', partitions: 6 },
  { name: 'checkout.orders', partitions: 6 },
  { name: 'inventory.commands', partitions: 6 },
  { name: 'inventory.products', partitions: 3 },
  { name: 'inventory.products.state', partitions: 3, cleanup: 'compact' },
  { name: 'inventory.reservations', partitions: 6 },
  { name: 'payments.commands', partitions: 6 },
  { name: 'payments.payments', partitions: 6 },
  { name: 'shipping.commands', partitions: 6 },
  { name: 'shipping.shipments', partitions: 6 },
] as const;
