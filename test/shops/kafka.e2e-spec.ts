import { describeOnKafka } from '../support/brokers.js';
import { everythingInOneShop } from './one-shop.js';

describeOnKafka('The whole shop, on Apache Kafka', () => everythingInOneShop('kafka'));
