/** A message exactly as it is sent: JSON in the record's value. */
export interface Envelope<Data = unknown> {
  /** UUID. Consumers recognise duplicates by it. */
  readonly eventId: string;
  readonly eventType: string;
  readonly eventVersion: number;
  /** ISO 8601, UTC, the producer's clock. */
  readonly occurredAt: string;
  /** 32 hex digits: the W3C trace in which the message was created. */
  readonly traceId: string;
  /** Shared by all messages that one external request caused. */
  readonly correlationId: string;
  /** Id of the message (or request) that directly caused this one. */
  readonly causationId: string;
  /** The context that published it. */
  readonly producer: string;
  /** 1, 2, 3 … per aggregate without gaps, so that order can be checked. For a command: the sender's version. */
  readonly aggregateVersion: number;
  readonly data: Data;
}
