import { checkEventData } from './event.js';
import type { EventContract } from './event.js';

/** An event that an aggregate has raised and that is not stored yet. */
export interface RaisedEvent<Data = unknown> {
  readonly contract: EventContract<Data>;
  readonly data: Data;
  /** `data` as JSON: validated and measured once, here. */
  readonly json: string;
  readonly key: string;
  readonly aggregateVersion: number;
}

/**
 * An entity that raises events for its changes. The version counts all events that it has ever raised. Its repository writes
 * state and events in one transaction.
 */
export abstract class AggregateRoot {
  /** Zero for an aggregate that has never raised anything. */
  version = 0;
  // Created on first use, because TypeORM builds entities without running constructors or initialisers.
  private raised?: RaisedEvent[];

  /** Throws ContractError, and changes nothing, when the data breaks the event's schema or size limit. */
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

  /** The version in the database, before the pending events are saved. */
  storedVersion(): number {
    return this.version - this.pendingEvents().length;
  }

  markSaved(): void {
    this.raised = undefined;
  }
}
