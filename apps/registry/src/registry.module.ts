import { Module } from '@nestjs/common';
import type { MiddlewareConsumer, NestModule } from '@nestjs/common';
import { DatabaseModule } from '@nestbox/database';
import { Config, PlatformModule } from '@nestbox/platform';
import { Compatibility } from './commands/compatibility.js';
import { Registration } from './commands/registration.js';
import { Removal } from './commands/removal.js';
import { Settings } from './commands/settings.js';
import { Subjects } from './commands/subjects.js';
import { Comparisons } from './commands/comparisons.js';
import { CompatibilityController } from './http/compatibility.controller.js';
import { NotFoundModule } from './http/not-found.filter.js';
import { RootController } from './http/root.controller.js';
import { SchemasController } from './http/schemas.controller.js';
import { SettingsController } from './http/settings.controller.js';
import { SubjectsController } from './http/subjects.controller.js';
import { readVendorJson } from './http/vendor-json.js';
import { migrations } from './persistence/migrations/index.js';
import { SchemaStore } from './persistence/schema-store.js';

/** Registry: keeps the schemas of events and refuses incompatible ones. Implements Confluent's REST API. */
@Module({
  imports: [
    PlatformModule.forRoot({ app: 'registry', migrations }),
    DatabaseModule.forRootAsync({
      inject: [Config],
      useFactory: ({ database }: Config) => database,
    }),
    NotFoundModule,
  ],
  controllers: [RootController, SubjectsController, SchemasController, CompatibilityController, SettingsController],
  providers: [Comparisons, Compatibility, Registration, Removal, Settings, SchemaStore, Subjects],
})
export class RegistryModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(readVendorJson).forRoutes('*path');
  }
}
