import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { topics } from '@nestbox/contracts';
import { DatabaseModule } from '@nestbox/database';
import { EventingHealth, EventingModule, PositionsController } from '@nestbox/eventing';
import { Config, PlatformModule } from '@nestbox/platform';
import { SearchController } from './http/search.controller.js';
import { migrations } from './persistence/migrations/index.js';
import { FindOrdersHandler } from './read-models/orders/find-orders.query.js';
import { ForgetCustomer } from './read-models/orders/forget-customer.js';
import { OrdersProjection } from './read-models/orders/orders.projection.js';
import { FindProductsHandler } from './read-models/products/find-products.query.js';
import { ProductsProjection } from './read-models/products/products.projection.js';

/** Search: finds products and orders by their words, also by misspelt ones. */
@Module({
  imports: [
    PlatformModule.forRoot({ app: 'search', migrations, probes: [EventingHealth] }),
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
  controllers: [SearchController, PositionsController, ProductsProjection, OrdersProjection],
  providers: [ForgetCustomer, FindProductsHandler, FindOrdersHandler],
})
export class SearchModule {}
