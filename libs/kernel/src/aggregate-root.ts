import { checkEventData } from './event.js';
import type { EventContract } from './event.js';

/** A fact that an aggregate has stated and nobody has written down yet. */
export interface RaisedEvent<Data = unknown> {
  readonly contract: EventContract<Data>;
  readonly data: Data;
  /** `data` as JSON: validated and measured once, here. */
  readonly json: string;
  readonly key: string;
  readonly aggregateVersion: number;
}

/**
 * Something with an identity whose changes are told as events. The version counts the events that it has ever raised.
 * Saving it through its repository writes the state and the events in one transaction.
 */
export abstract class AggregateRoot {
  /** Zero for an aggregate that has never raised anything. */
  version = 0;
  // Made on first use, because TypeORM builds entities without running constructors or initialisers.
  private raised?: RaisedEvent[];

  /** Throws ContractError when the data breaks the event's schema or size limit; nothing has changed then. */
  protected raise<Data>(contract: EventContract<Data>, data: NoInfer<Data>): void {
    const checked = checkEventData(contract, data);
    this.version += 1;
    (this.raised ??= []).push({
      contract: contract as EventContract,
      data: checked.data,
      json: checked.json,
      key: contract.key(checked.data),
      aggregateVersion: this.version,
    });
  }

  /** Events raised since the last `markSaved`, oldest first. */
  pendingEvents(): readonly RaisedEvent[] {
    return this.raised ?? [];
  }

  /** The version that the database still holds. */
  storedVersion(): number {
    return this.version - this.pendingEvents().length;
  }

  markSaved(): void {
    this.raised = undefined;
  }
}
