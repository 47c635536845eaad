import type { Topic } from '@nestbox/kernel';

export const users = { name: 'accounts.users', partitions: 6 } as const satisfies Topic;
