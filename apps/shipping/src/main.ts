import { EventConsumer } from '@nestbox/eventing';
import { bootstrap } from '@nestbox/platform';
import { ShippingModule } from './shipping.module.js';

void bootstrap(ShippingModule, EventConsumer);
