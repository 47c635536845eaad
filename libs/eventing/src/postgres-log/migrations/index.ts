import { Log1764000000001 } from './0001-log.js';

export const brokerMigrations = [Log1764000000001];
