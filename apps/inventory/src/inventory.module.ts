import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { topics } from '@nestbox/contracts';
import { DatabaseModule } from '@nestbox/database';
import { EventingHealth, EventingModule } from '@nestbox/eventing';
import { Config, PlatformModule } from '@nestbox/platform';
import { ListProductHandler } from './commands/list-product.command.js';
import { ReleaseStockHandler } from './commands/release-stock.command.js';
import { ReserveStockHandler } from './commands/reserve-stock.command.js';
import { ShipStockHandler } from './commands/ship-stock.command.js';
import { ProductsController } from './http/products.controller.js';
import { migrations } from './persistence/migrations/index.js';
import { ProductRepository } from './persistence/product.repository.js';
import { ProductTable } from './persistence/product.table.js';
import { ReservationRepository } from './persistence/reservation.repository.js';
import { ReservationTable } from './persistence/reservation.table.js';
import { Stock } from './persistence/stock.js';
import { WhenAskedToReleaseStock } from './reactions/when-asked-to-release-stock.js';
import { WhenOrderCancelled } from './reactions/when-order-cancelled.js';
import { WhenOrderPlaced } from './reactions/when-order-placed.js';
import { WhenOrderShipped } from './reactions/when-order-shipped.js';
import { GetProductHandler } from './read-models/products/get-product.query.js';

/** Inventory: lists products, and reserves stock for orders, never more than there is. */
@Module({
  imports: [
    PlatformModule.forRoot({ app: 'inventory', migrations, probes: [EventingHealth] }),
    DatabaseModule.forRootAsync({
      inject: [Config],
      useFactory: ({ database }: Config) => ({
        ...database,
        entities: [ProductTable, ReservationTable],
        poolSize: 20,
      }),
    }),
    EventingModule.forRootAsync({
      inject: [Config],
      // Orders for one popular product wait for its row: higher concurrency would only occupy connections.
      useFactory: ({ eventing }: Config) => ({ ...eventing, topics, consumer: { keyConcurrency: 4 } }),
    }),
    CqrsModule.forRoot(),
  ],
  controllers: [ProductsController, WhenOrderPlaced, WhenOrderCancelled, WhenAskedToReleaseStock, WhenOrderShipped],
  providers: [
    ProductRepository,
    ReservationRepository,
    Stock,
    ListProductHandler,
    ReserveStockHandler,
    ReleaseStockHandler,
    ShipStockHandler,
    GetProductHandler,
  ],
})
export class InventoryModule {}
