import type { EventMessage } from '@nestbox/messaging';
import { BaseRpcContext } from '@nestjs/microservices';
import type { HandlerMark } from './handler-mark.js';

/** What `@Ctx()` gives, and what interceptors, guards and filters find under `switchToRpc().getContext()`. */
export class EventContext extends BaseRpcContext<[]> {
  constructor(
    readonly handler: HandlerMark,
    /** One message, or several for the batch form of a projection. */
    readonly messages: readonly EventMessage[],
    /** True when the caller has made the claim in the running unit of work, or the claim existed. */
    readonly claimed = false,
  ) {
    super([]);
  }
}
