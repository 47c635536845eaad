import { EventConsumer } from '@nestbox/eventing';
import { bootstrap } from '@nestbox/platform';
import { EmailModule } from './email.module.js';

void bootstrap(EmailModule, EventConsumer);
