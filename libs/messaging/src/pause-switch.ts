import { Injectable } from '@nestjs/common';

/** PORT: the source of what operators have paused. */
export interface OutboxPause {
  /** Resolves when the pauses are known. Rejects while they cannot be read. */
  settle(): Promise<void>;
  isOutboxPaused(): boolean;
}

const NEVER: OutboxPause = { settle: async () => undefined, isOutboxPaused: () => false };

/** The relay asks here whether it may publish. Without a source, it may. */
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
