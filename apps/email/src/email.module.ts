import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { topics } from '@nestbox/contracts';
import { DatabaseModule } from '@nestbox/database';
import { EventingHealth, EventingModule } from '@nestbox/eventing';
import { Config, PlatformModule } from '@nestbox/platform';
import { MailDispatcher } from './adapters/mail-dispatcher.js';
import { SmtpMailer } from './adapters/smtp.mailer.js';
import { RequestMailHandler } from './commands/request-mail.command.js';
import { Mailer } from './domain/mailer.js';
import { EmailSettings, settings } from './email.settings.js';
import { EmailsController } from './http/emails.controller.js';
import { ForgetCustomer } from './persistence/forget-customer.js';
import { MailQueue } from './persistence/mail-queue.js';
import { migrations } from './persistence/migrations/index.js';
import { WhenOrderCancelled } from './reactions/when-order-cancelled.js';
import { WhenOrderPlaced } from './reactions/when-order-placed.js';
import { WhenOrderShipped } from './reactions/when-order-shipped.js';
import { WhenUserSignedUp } from './reactions/when-user-signed-up.js';
import { WhenStockRejected } from './reactions/when-stock-rejected.js';
import { GetSentMailsHandler } from './read-models/sent-mails/get-sent-mails.query.js';

/** Email: per order one confirmation, and one final mail on its shipment or cancellation, despite redelivered events. */
@Module({
  imports: [
    PlatformModule.forRoot({ app: 'email', migrations, settings, probes: [EventingHealth] }),
    DatabaseModule.forRootAsync({
      inject: [Config],
      // Each running send holds a connection, and the consumer needs some too.
      useFactory: ({ database }: Config) => ({ ...database, poolSize: 20 }),
    }),
    EventingModule.forRootAsync({
      inject: [Config],
      useFactory: ({ eventing }: Config) => ({ ...eventing, topics, consumer: { keyConcurrency: 4 } }),
    }),
    CqrsModule.forRoot(),
  ],
  controllers: [EmailsController, WhenOrderPlaced, WhenOrderCancelled, WhenOrderShipped, WhenStockRejected, WhenUserSignedUp],
  providers: [
    MailQueue,
    ForgetCustomer,
    MailDispatcher,
    { provide: Mailer, inject: [EmailSettings], useFactory: ({ smtpUrl }: EmailSettings) => new SmtpMailer(smtpUrl) },
    RequestMailHandler,
    GetSentMailsHandler,
  ],
})
export class EmailModule {}
