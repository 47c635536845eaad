import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { topics } from '@nestbox/contracts';
import { DatabaseModule } from '@nestbox/database';
import { EventingHealth, EventingModule } from '@nestbox/eventing';
import { Config, PlatformModule } from '@nestbox/platform';
import { settings } from './checkout.settings.js';
import { CancelOrderHandler } from './commands/cancel-order.command.js';
import { NoteStageHandler } from './commands/note-stage.command.js';
import { PlaceOrderHandler } from './commands/place-order.command.js';
import { RequestCancellationHandler } from './commands/request-cancellation.command.js';
import { OrderSecrets } from './http/order-secrets.js';
import { OrdersController } from './http/orders.controller.js';
import { ForgetCustomer } from './persistence/forget-customer.js';
import { migrations } from './persistence/migrations/index.js';
import { OrderRepository } from './persistence/order.repository.js';
import { OrderTable } from './persistence/order.table.js';
import { WhenAskedToCancelOrder } from './reactions/when-asked-to-cancel-order.js';
import { WhenOrderMovesOn } from './reactions/when-order-moves-on.js';
import { GetOrderHandler } from './read-models/orders/get-order.query.js';
import { GetPricesHandler } from './read-models/prices/get-prices.query.js';
import { PricesProjection } from './read-models/prices/prices.projection.js';

/** Checkout: accepts orders at its known prices, and cancels them. */
@Module({
  imports: [
    PlatformModule.forRoot({ app: 'checkout', migrations, settings, probes: [EventingHealth] }),
    DatabaseModule.forRootAsync({
      inject: [Config],
      useFactory: ({ database }: Config) => ({ ...database, entities: [OrderTable] }),
    }),
    EventingModule.forRootAsync({
      inject: [Config],
      useFactory: ({ eventing }: Config) => ({ ...eventing, topics }),
    }),
    CqrsModule.forRoot(),
  ],
  controllers: [OrdersController, PricesProjection, WhenAskedToCancelOrder, WhenOrderMovesOn],
  providers: [
    OrderRepository,
    OrderSecrets,
    ForgetCustomer,
    PlaceOrderHandler,
    RequestCancellationHandler,
    CancelOrderHandler,
    NoteStageHandler,
    GetOrderHandler,
    GetPricesHandler,
  ],
})
export class CheckoutModule {}
