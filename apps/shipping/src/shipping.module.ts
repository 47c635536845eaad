import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { topics } from '@nestbox/contracts';
import { DatabaseModule } from '@nestbox/database';
import { EventingHealth, EventingModule } from '@nestbox/eventing';
import { Config, PlatformModule } from '@nestbox/platform';
import { CancelShipmentHandler } from './commands/cancel-shipment.command.js';
import { RefuseRegionsHandler } from './commands/refuse-regions.command.js';
import { ShipOrderHandler } from './commands/ship-order.command.js';
import { ShipmentsController } from './http/shipments.controller.js';
import { migrations } from './persistence/migrations/index.js';
import { Regions } from './persistence/regions.js';
import { ShipmentRepository } from './persistence/shipment.repository.js';
import { ShipmentTable } from './persistence/shipment.table.js';
import { WhenAskedForShipment } from './reactions/when-asked-for-shipment.js';
import { GetShipmentHandler } from './read-models/shipments/get-shipment.query.js';

/** Shipping: gives orders to the carrier, and alone decides whether a cancellation is in time. */
@Module({
  imports: [
    PlatformModule.forRoot({ app: 'shipping', migrations, probes: [EventingHealth] }),
    DatabaseModule.forRootAsync({
      inject: [Config],
      useFactory: ({ database }: Config) => ({ ...database, entities: [ShipmentTable] }),
    }),
    EventingModule.forRootAsync({
      inject: [Config],
      useFactory: ({ eventing }: Config) => ({ ...eventing, topics }),
    }),
    CqrsModule.forRoot(),
  ],
  controllers: [ShipmentsController, WhenAskedForShipment],
  providers: [Regions, ShipmentRepository, ShipOrderHandler, CancelShipmentHandler, RefuseRegionsHandler, GetShipmentHandler],
})
export class ShippingModule {}
