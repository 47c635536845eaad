import { Injectable } from '@nestjs/common';

/** Who knows what operators have paused. */
export interface OutboxPause {
  /** Resolves once that is known; rejects while it cannot be. */
  settle(): Promise<void>;
  isOutboxPaused(): boolean;
}

const NEVER: OutboxPause = { settle: async () => undefined, isOutboxPaused: () => false };

/** Lets the relay ask whether it may publish, without knowing where pauses are kept. Without anybody to ask, it may. */
@Injectable()
export class PauseSwitch implements OutboxPause {
  private source = NEVER;

  follow(source: OutboxPause): void {
    this.source = source;
  }

  settle(): Promise<void> {
    return this.source.settle();
  }

  isOutboxPaused(): boolean {
    return this.source.isOutboxPaused();
  }
}
