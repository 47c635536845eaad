import type { Topic } from '@nestbox/kernel';

export const commands = { name: 'payments.commands', partitions: 6 } as const satisfies Topic;
export const payments = { name: 'payments.payments', partitions: 6 } as const satisfies Topic;
