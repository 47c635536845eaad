import { HandlerDiscovery, policyOf, correlationOf } from '@nestbox/consumer';
import type { BoundHandler, BoundMethod, HandlerSource } from '@nestbox/consumer';
import { runWithCorrelation } from '@nestbox/kernel';
import type { EventContract } from '@nestbox/kernel';
import { EVENTING_OPTIONS, EventingError } from '@nestbox/messaging';
import type { EventMessage } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { SagaRunner } from './saga-runner.js';
import { sagaOf } from './saga.decorator.js';
import type { SagaDefinition } from './saga.js';
import type { SagasModuleOptions } from './sagas.options.js';

/** Finds the marked sagas and binds them as handlers: their events are claimed, ordered, retried and parked like any other. */
@Injectable()
export class SagaRegistry implements HandlerSource {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(EVENTING_OPTIONS) private readonly options: SagasModuleOptions,
    @Inject(SagaRunner) private readonly runner: SagaRunner,
    @Inject(HandlerDiscovery) handlers: HandlerDiscovery,
  ) {
    handlers.addSource(this);
  }

  get sagas(): readonly SagaDefinition[] {
    return this.discovery.getProviders().flatMap(({ metatype }) => sagaOf(metatype) ?? []);
  }

  ids(): string[] {
    return this.sagas.map(({ id }) => id);
  }

  find(id: string): SagaDefinition | undefined {
    return this.sagas.find((saga) => saga.id === id);
  }

  /** Throws HANDLER_INVALID for an id that is taken, or a topic that is missing from the options. */
  bind(taken: readonly BoundHandler[]): BoundHandler[] {
    const bound: BoundHandler[] = [];
    for (const saga of this.sagas) {
      if ([...taken, ...bound].some(({ id }) => id === saga.id)) throw invalid(saga, 'its id is taken: give it its own');
      bound.push(this.handlerOf(saga));
    }
    return bound;
  }

  private handlerOf(saga: SagaDefinition): BoundHandler {
    const { context, group = context, topics } = this.options;
    const methods = new Map<string, BoundMethod>();
    for (const contract of [saga.starts, ...saga.hears]) {
      if (!topics.some(({ name }) => name === contract.topic)) {
        throw invalid(saga, `it reads topic ${contract.topic}, which "topics" does not list: add it there`);
      }
      methods.set(contract.type, this.methodOf(saga, contract));
    }
    return { id: saga.id, kind: 'reaction', group, ordered: true, methods };
  }

  private methodOf(saga: SagaDefinition, contract: EventContract): BoundMethod {
    const mark = { id: saga.id, kind: 'reaction' as const, contract };
    const invoke = async ([message]: readonly EventMessage[], claimed?: boolean) => {
      await runWithCorrelation(correlationOf(message!), () => this.runner.handleEvent(saga, message!, claimed));
    };
    return { mark, policy: policyOf({}), invoke };
  }
}

function invalid({ id }: SagaDefinition, fault: string): EventingError {
  return new EventingError('HANDLER_INVALID', `Saga ${id}: ${fault}.`);
}
