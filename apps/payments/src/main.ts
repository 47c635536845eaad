import { EventConsumer } from '@nestbox/eventing';
import { bootstrap } from '@nestbox/platform';
import { PaymentsModule } from './payments.module.js';

void bootstrap(PaymentsModule, EventConsumer);
