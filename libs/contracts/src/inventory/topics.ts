import type { Topic } from '@nestbox/kernel';

export const commands = { name: 'inventory.commands', partitions: 6 } as const satisfies Topic;
export const products = { name: 'inventory.products', partitions: 3 } as const satisfies Topic;
export const productStates = { name: 'inventory.products.state', partitions: 3, cleanup: 'compact' } as const satisfies Topic;
export const reservations = { name: 'inventory.reservations', partitions: 6 } as const satisfies Topic;
