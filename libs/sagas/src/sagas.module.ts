import { Global, Module } from '@nestjs/common';
import type { DynamicModule, Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { SagaRegistry } from './saga-registry.js';
import { SagaRunner } from './saga-runner.js';
import { SagaStore } from './saga-store.js';
import { sagaOf } from './saga.decorator.js';
import { Sagas } from './sagas.js';
import { SagaTimeoutScheduler } from './saga-timeout-scheduler.js';

const PARTS = [SagaRegistry, SagaRunner, SagaStore, Sagas, SagaTimeoutScheduler];

/** Runs sagas: state, inbox claim and outgoing commands in one transaction. Needs ConsumerModule and OutboxModule. */
@Global()
@Module({ imports: [DiscoveryModule], providers: PARTS, exports: PARTS })
export class SagasModule {
  /** The sagas of a module: classes with `@Saga`. Throws TypeError for a class without it. */
  static forFeature(...sagas: Type[]): DynamicModule {
    const unmarked = sagas.find((saga) => sagaOf(saga) === undefined);
    if (unmarked) throw new TypeError(`${unmarked.name} is no saga: mark it with @Saga.`);
    return { module: SagaFeature, providers: sagas };
  }
}

/** Holds the sagas of one forFeature call. */
@Module({})
class SagaFeature {}
