import { EventConsumer } from '@nestbox/eventing';
import { bootstrap } from '@nestbox/platform';
import { FulfilmentModule } from './fulfilment.module.js';

void bootstrap(FulfilmentModule, EventConsumer);
