import { EventConsumer } from '@nestbox/eventing';
import { bootstrap } from '@nestbox/platform';
import { InventoryModule } from './inventory.module.js';

void bootstrap(InventoryModule, EventConsumer);
