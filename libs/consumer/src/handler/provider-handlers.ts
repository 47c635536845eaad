import { Injectable } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { ExternalContextCreator, ModulesContainer } from '@nestjs/core';
import type { ParamsFactory } from '@nestjs/core';
import type { MessageHandler } from '@nestjs/microservices';
// Not exported from the package's index. Nest binds controllers with the same two.
import { PARAM_ARGS_METADATA } from '@nestjs/microservices/constants.js';
import { RpcParamtype } from '@nestjs/microservices/enums/rpc-paramtype.enum.js';
import { handlerMarksOn } from '@nestbox/kernel';
import { EventingError } from '@nestbox/messaging';
import { patternOf } from './handles-event.js';
import type { HandlerMark } from './handler-mark.js';

/** Under this key the method's parameters are kept for our own call: `@Payload()` and `@Ctx()`, or the payload alone. */
const PARAMS = 'nestbox:params';
const PAYLOAD_ALONE = { [`${RpcParamtype.PAYLOAD}:0`]: { index: 0, data: undefined, pipes: [] } };

const params: ParamsFactory = {
  exchangeKeyForValue(type: number, data, args: readonly Record<string, unknown>[]) {
    if (type === RpcParamtype.CONTEXT) return args[1];
    if (type !== RpcParamtype.PAYLOAD) return null;
    return typeof data === 'string' ? args[0]?.[data] : args[0];
  },
};

/** Nest binds the handlers of controllers. This binds those of providers, with the same guards, pipes, interceptors and filters. */
@Injectable()
export class ProviderHandlers {
  constructor(
    private readonly modules: ModulesContainer,
    private readonly contexts: ExternalContextCreator,
  ) {}

  /** Every marked method of a provider, by pattern. Throws HANDLER_INVALID for a provider that is not a singleton. */
  find(): [pattern: string, handler: MessageHandler][] {
    return this.providers().flatMap(({ instance, type }) =>
      handlerMarksOn<HandlerMark>(type).map(({ method, mark }): [string, MessageHandler] => [patternOf(mark), this.bind(instance, method, mark)]),
    );
  }

  /** Classes with marked methods that are provided somewhere, once for each module that provides them. */
  private providers(): { readonly type: Type; readonly instance: Record<string, (...args: unknown[]) => unknown> }[] {
    return [...this.modules.values()].flatMap(({ providers }) =>
      [...providers.values()].flatMap((wrapper) => {
        const type = wrapper.metatype as Type | null;
        if (wrapper.isNotMetatype || wrapper.isAlias || typeof type !== 'function' || !type.prototype) return [];
        const [first] = handlerMarksOn<HandlerMark>(type);
        if (!first) return [];
        if (!wrapper.isDependencyTreeStatic() || wrapper.isTransient) throw notSingleton(type, first.mark);
        return [{ type, instance: wrapper.instance as Record<string, (...args: unknown[]) => unknown> }];
      }),
    );
  }

  private bind(instance: Record<string, (...args: unknown[]) => unknown>, method: string, mark: HandlerMark): MessageHandler {
    const { constructor } = instance;
    const declared: unknown = Reflect.getMetadata(PARAM_ARGS_METADATA, constructor, method);
    Reflect.defineMetadata(PARAMS, declared ?? PAYLOAD_ALONE, constructor, method);
    const options = { guards: true, interceptors: true, filters: true };
    const callback = this.contexts.create(instance, instance[method]!, method, PARAMS, params, undefined, undefined, options, 'rpc');
    const handler: MessageHandler = (payload, context) => callback(payload, context) as Promise<unknown>;
    return Object.assign(handler, { isEventHandler: true, extras: { nestbox: mark } });
  }
}

function notSingleton({ name }: Type, { id }: HandlerMark): EventingError {
  return new EventingError('HANDLER_INVALID', `Handler ${id}: ${name} is made anew for each request. A handler's class must be a singleton.`);
}
