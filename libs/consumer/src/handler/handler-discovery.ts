import { Injectable } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { MessageHandler } from '@nestjs/microservices';
import type { ConsumerModuleOptions } from '../consumer.options.js';
import { marksOf } from './handler-mark.js';
import { bindHandlers } from './handler-registry.js';
import type { BoundHandler } from './handler-registry.js';
import { ProviderHandlers } from './provider-handlers.js';

/** PORT: handlers that are not methods with a decorator, such as sagas. */
export interface HandlerSource {
  ids(): readonly string[];
  /** `taken`: those that are bound already. Throws HANDLER_INVALID for an id that is taken, or one that cannot work. */
  bind(taken: readonly BoundHandler[]): BoundHandler[];
}

/** The handlers that this process consumes with; empty until its consumer listens. */
@Injectable()
export class BoundHandlers {
  private handlers: readonly BoundHandler[] = [];

  bind(handlers: readonly BoundHandler[]): void {
    this.handlers = handlers;
  }

  get(id: string): BoundHandler | undefined {
    return this.handlers.find((handler) => handler.id === id);
  }

  ofGroup(group: string): readonly BoundHandler[] {
    return this.handlers.filter((handler) => handler.group === group);
  }

  get all(): readonly BoundHandler[] {
    return this.handlers;
  }
}

/** Finds every handler of the app: marked methods of controllers and providers, and what other sources add. */
@Injectable()
export class HandlerDiscovery {
  private readonly sources: HandlerSource[] = [];

  constructor(
    private readonly modules: ModulesContainer,
    private readonly ofProviders: ProviderHandlers,
  ) {}

  /** Call it before the consumer listens. */
  addSource(source: HandlerSource): void {
    this.sources.push(source);
  }

  /** Every controller and provider class with a marked method, once. */
  classes(): Type[] {
    const all = [...this.modules.values()].flatMap(({ controllers, providers }) => [...controllers.values(), ...providers.values()]);
    const types = all.filter(({ isAlias, metatype }) => !isAlias && typeof metatype === 'function' && metatype.prototype !== undefined);
    return [...new Set(types.map(({ metatype }) => metatype as Type))].filter((type) => marksOf(type).length > 0);
  }

  /** Ids of all handlers, without binding them. */
  ids(): string[] {
    const marked = this.classes().flatMap((type) => marksOf(type).map(({ id }) => id));
    return [...new Set([...marked, ...this.sources.flatMap((source) => source.ids())])];
  }

  /** `ofControllers`: what Nest has bound. Throws HANDLER_INVALID, naming fault and cure. */
  bind(ofControllers: ReadonlyMap<string, MessageHandler>, options: ConsumerModuleOptions): BoundHandler[] {
    const handlers = bindHandlers([...ofControllers, ...this.ofProviders.find()], options);
    for (const source of this.sources) handlers.push(...source.bind(handlers));
    return handlers;
  }
}
