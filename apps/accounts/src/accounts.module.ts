import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { topics } from '@nestbox/contracts';
import { DatabaseModule } from '@nestbox/database';
import { EventingHealth, EventingModule } from '@nestbox/eventing';
import { Config, PlatformModule } from '@nestbox/platform';
import { AccessTokens } from './adapters/access-tokens.js';
import { SigningKeys } from './adapters/signing-keys.js';
import { ConfirmAddressHandler } from './commands/confirm-address.command.js';
import { Entrance } from './commands/entrance.js';
import { SignInHandler } from './commands/sign-in.command.js';
import { SignInAgainHandler } from './commands/sign-in-again.command.js';
import { SignOutHandler } from './commands/sign-out.command.js';
import { SignUpHandler } from './commands/sign-up.command.js';
import { AccountsController } from './http/accounts.controller.js';
import { KeysController } from './http/keys.controller.js';
import { SessionsController } from './http/sessions.controller.js';
import { AccountRepository } from './persistence/account.repository.js';
import { AccountTable } from './persistence/account.table.js';
import { ForgetCustomer } from './persistence/forget-customer.js';
import { migrations } from './persistence/migrations/index.js';
import { Sessions } from './persistence/sessions.js';
import { GetAccountHandler } from './read-models/accounts/get-account.query.js';

/** Accounts: who the customers are. Signs them up and in, and publishes the keys by which every app knows them. */
@Module({
  imports: [
    PlatformModule.forRoot({ app: 'accounts', migrations, probes: [EventingHealth] }),
    DatabaseModule.forRootAsync({
      inject: [Config],
      useFactory: ({ database }: Config) => ({ ...database, entities: [AccountTable] }),
    }),
    EventingModule.forRootAsync({
      inject: [Config],
      useFactory: ({ eventing }: Config) => ({ ...eventing, topics }),
    }),
    CqrsModule.forRoot(),
  ],
  controllers: [AccountsController, SessionsController, KeysController],
  providers: [
    AccountRepository,
    Sessions,
    SigningKeys,
    AccessTokens,
    Entrance,
    ForgetCustomer,
    SignUpHandler,
    ConfirmAddressHandler,
    SignInHandler,
    SignInAgainHandler,
    SignOutHandler,
    GetAccountHandler,
  ],
})
export class AccountsModule {}
