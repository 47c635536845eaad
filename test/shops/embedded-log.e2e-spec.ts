import { everythingInOneShop } from './one-shop.js';

describe('The whole shop, on the embedded log', () => everythingInOneShop('postgres'));
