import { EventConsumer } from '@nestbox/eventing';
import { bootstrap } from '@nestbox/platform';
import { SearchModule } from './search.module.js';

void bootstrap(SearchModule, EventConsumer);
