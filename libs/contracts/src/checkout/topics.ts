import type { Topic } from '@nestbox/kernel';

export const commands = { name: 'checkout.commands', partitions: 6 } as const satisfies Topic;
export const orders = { name: 'checkout.orders', partitions: 6 } as const satisfies Topic;
