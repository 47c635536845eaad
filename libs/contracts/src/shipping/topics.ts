import type { Topic } from '@nestbox/kernel';

export const commands = { name: 'shipping.commands', partitions: 6 } as const satisfies Topic;
export const shipments = { name: 'shipping.shipments', partitions: 6 } as const satisfies Topic;
