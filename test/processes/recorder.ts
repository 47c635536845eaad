import { Controller, Inject, Module } from '@nestjs/common';
import {
  OrderCancellationRequested,
  OrderCancelled,
  OrderPlaced,
  StockForgone,
  StockRejected,
  StockReleased,
  StockReserved,
  topics,
} from '@nestbox/contracts';
import { DatabaseModule, UnitOfWork } from '@nestbox/database';
import { EventConsumer, EventingHealth, EventingModule, HandlesEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { bootstrap, Config, PlatformModule } from '@nestbox/platform';
import { migrations } from './arrivals.js';

const WRITE_DOWN = {
  name: 'recorder.write-down',
  text: 'INSERT INTO arrivals (topic, key, version, process) VALUES ($1, $2, $3, $4)',
};
const once = { id: 'recorder.write-down' };

/** One more consumer, that does nothing but write down what arrives. */
@Controller()
class WhenAnythingHappens {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @HandlesEvent(OrderPlaced, once)
  async placed(event: EventMessage<OrderPlaced>): Promise<void> {
    this.writeDown(event);
  }

  @HandlesEvent(OrderCancelled, once)
  async cancelled(event: EventMessage<OrderCancelled>): Promise<void> {
    this.writeDown(event);
  }

  @HandlesEvent(OrderCancellationRequested, once)
  async wished(event: EventMessage<OrderCancellationRequested>): Promise<void> {
    this.writeDown(event);
  }

  @HandlesEvent(StockForgone, once)
  async forgone(event: EventMessage<StockForgone>): Promise<void> {
    this.writeDown(event);
  }

  @HandlesEvent(StockReserved, once)
  async reserved(event: EventMessage<StockReserved>): Promise<void> {
    this.writeDown(event);
  }

  @HandlesEvent(StockRejected, once)
  async rejected(event: EventMessage<StockRejected>): Promise<void> {
    this.writeDown(event);
  }

  @HandlesEvent(StockReleased, once)
  async released(event: EventMessage<StockReleased>): Promise<void> {
    this.writeDown(event);
  }

  private writeDown({ topic, key, aggregateVersion }: EventMessage): void {
    this.unitOfWork.write({ ...WRITE_DOWN, values: [topic, key, aggregateVersion, process.pid] });
  }
}

@Module({
  imports: [
    PlatformModule.forRoot({ app: 'recorder', migrations, probes: [EventingHealth] }),
    DatabaseModule.forRootAsync({
      inject: [Config],
      useFactory: ({ databaseUrl }: Config) => ({ url: databaseUrl, applicationName: 'recorder' }),
    }),
    EventingModule.forRootAsync({
      inject: [Config],
      useFactory: ({ broker, operators, subjectKeysUrl: subjectKeys }: Config) => ({
        context: 'recorder',
        broker,
        topics,
        operators,
        subjectKeys,
      }),
    }),
  ],
  controllers: [WhenAnythingHappens],
})
class RecorderModule {}

void bootstrap(RecorderModule, EventConsumer);
