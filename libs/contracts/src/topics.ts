import type { Topic } from '@nestbox/kernel';
import * as accounts from './accounts/topics.js';
import * as checkout from './checkout/topics.js';
import * as inventory from './inventory/topics.js';
import * as payments from './payments/topics.js';
import * as shipping from './shipping/topics.js';

/**
 * Every topic of the contracts. Changing a number of partitions moves keys between partitions and so breaks their order;
 * Nestbox refuses to start when a topic differs.
 */
export const topics: readonly Topic[] = [accounts, checkout, inventory, payments, shipping]
  .flatMap((context) => Object.values<Topic>(context))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
