import { EventConsumer } from '@nestbox/eventing';
import { bootstrap } from '@nestbox/platform';
import { AnalyticsModule } from './analytics.module.js';

void bootstrap(AnalyticsModule, EventConsumer);
