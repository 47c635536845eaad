import { Injectable } from '@nestjs/common';
import type { BoundHandler } from './handler-registry.js';

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
