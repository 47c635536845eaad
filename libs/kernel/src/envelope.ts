/** The message around a fact or an instruction, exactly as it stands on the wire: JSON in the record's value. */
export interface Envelope<Data = unknown> {
  /** UUID; the identity that every consumer removes duplicates by. */
  readonly eventId: string;
  readonly eventType: string;
  readonly eventVersion: number;
  /** ISO 8601, UTC, the producer's clock. */
  readonly occurredAt: string;
  /** 32 hex digits: the W3C trace that the event was born in. */
  readonly traceId: string;
  /** Shared by all messages that one outside request led to. */
  readonly correlationId: string;
  /** Id of the message (or request) that directly caused this one. */
  readonly causationId: string;
  /** The context that published it. */
  readonly producer: string;
  /** 1, 2, 3 … per aggregate, without holes: order as a checkable fact. Of a command: the version of who sent it. */
  readonly aggregateVersion: number;
  readonly data: Data;
}
