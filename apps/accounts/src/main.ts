import { EventConsumer } from '@nestbox/eventing';
import { bootstrap } from '@nestbox/platform';
import { AccountsModule } from './accounts.module.js';

void bootstrap(AccountsModule, EventConsumer);
