import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { topics } from '@nestbox/contracts';
import { DatabaseModule } from '@nestbox/database';
import { EventingHealth, EventingModule } from '@nestbox/eventing';
import { Config, PlatformModule } from '@nestbox/platform';
import { DataSource } from 'typeorm';
import { HttpCardGateway } from './adapters/http.card-gateway.js';
import { PaymentDispatcher } from './adapters/payment-dispatcher.js';
import { SandboxCardGateway } from './adapters/sandbox.card-gateway.js';
import { CapturePaymentHandler } from './commands/capture-payment.command.js';
import { RefundPaymentHandler } from './commands/refund-payment.command.js';
import { CardGateway } from './domain/card-gateway.js';
import { PaymentsController } from './http/payments.controller.js';
import { SandboxController } from './http/sandbox.controller.js';
import { PaymentsSettings, settings } from './payments.settings.js';
import { Ledger } from './persistence/ledger.js';
import { migrations } from './persistence/migrations/index.js';
import { PaymentQueue } from './persistence/payment-queue.js';
import { PaymentRepository } from './persistence/payment.repository.js';
import { PaymentTable } from './persistence/payment.table.js';
import { Settlement } from './persistence/settlement.js';
import { WhenAskedForPayment } from './reactions/when-asked-for-payment.js';
import { GetLedgerHandler } from './read-models/ledger/get-ledger.query.js';
import { GetPaymentHandler } from './read-models/payments/get-payment.query.js';

const gateway = {
  provide: CardGateway,
  inject: [PaymentsSettings, DataSource],
  useFactory: ({ provider }: PaymentsSettings, dataSource: DataSource) =>
    provider ? new HttpCardGateway(provider) : new SandboxCardGateway(dataSource),
};

/** Payments: captures the money of an order once, refunds it once, and keeps a balanced ledger. */
@Module({
  imports: [
    PlatformModule.forRoot({ app: 'payments', migrations, settings, probes: [EventingHealth] }),
    DatabaseModule.forRootAsync({
      inject: [Config],
      useFactory: ({ database }: Config) => ({
        ...database,
        entities: [PaymentTable],
        poolSize: 20,
      }),
    }),
    EventingModule.forRootAsync({
      inject: [Config],
      useFactory: ({ eventing }: Config) => ({ ...eventing, topics, consumer: { keyConcurrency: 4 } }),
    }),
    CqrsModule.forRoot(),
  ],
  controllers: [PaymentsController, SandboxController, WhenAskedForPayment],
  providers: [
    gateway,
    Ledger,
    PaymentDispatcher,
    PaymentQueue,
    PaymentRepository,
    Settlement,
    CapturePaymentHandler,
    RefundPaymentHandler,
    GetPaymentHandler,
    GetLedgerHandler,
  ],
})
export class PaymentsModule {}
