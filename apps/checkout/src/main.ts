import { EventConsumer } from '@nestbox/eventing';
import { bootstrap } from '@nestbox/platform';
import { CheckoutModule } from './checkout.module.js';

void bootstrap(CheckoutModule, EventConsumer);
