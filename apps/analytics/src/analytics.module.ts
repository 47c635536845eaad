import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { topics } from '@nestbox/contracts';
import { DatabaseModule } from '@nestbox/database';
import { EventingHealth, EventingModule } from '@nestbox/eventing';
import { Config, PlatformModule } from '@nestbox/platform';
import { ReportsController } from './http/reports.controller.js';
import { migrations } from './persistence/migrations/index.js';
import { FunnelProjection } from './read-models/funnel/funnel.projection.js';
import { GetFunnelHandler } from './read-models/funnel/get-funnel.query.js';
import { GetRevenueHandler } from './read-models/revenue/get-revenue.query.js';
import { RevenueProjection } from './read-models/revenue/revenue.projection.js';
import { GetSignUpsHandler } from './read-models/sign-ups/get-sign-ups.query.js';
import { SignUpsProjection } from './read-models/sign-ups/sign-ups.projection.js';

/** Analytics: counts other contexts' events in batches, and publishes none itself. */
@Module({
  imports: [
    PlatformModule.forRoot({ app: 'analytics', migrations, probes: [EventingHealth] }),
    DatabaseModule.forRootAsync({
      inject: [Config],
      useFactory: ({ database }: Config) => database,
    }),
    EventingModule.forRootAsync({
      inject: [Config],
      useFactory: ({ eventing }: Config) => ({ ...eventing, topics }),
    }),
    CqrsModule.forRoot(),
  ],
  controllers: [ReportsController, RevenueProjection, FunnelProjection, SignUpsProjection],
  providers: [GetRevenueHandler, GetFunnelHandler, GetSignUpsHandler],
})
export class AnalyticsModule {}
