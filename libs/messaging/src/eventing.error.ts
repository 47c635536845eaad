/** Every technical failure. docs/errors.md says what to do about each. */
export type EventingErrorCode =
  | 'BROKER_UNAVAILABLE'
  | 'PUBLISH_REFUSED'
  | 'TOPIC_PARTITIONS_CHANGED'
  | 'TOPIC_DRIFTED'
  | 'OFFSET_OUT_OF_RANGE'
  | 'PARTITION_LOST'
  | 'LEASE_LOST'
  | 'EVENT_INVALID'
  | 'RECORD_UNDECODABLE'
  | 'BATCH_UNREADABLE'
  | 'REGISTRY_UNAVAILABLE'
  | 'HANDLER_INVALID'
  | 'CONSUMER_NOT_CONNECTED'
  | 'OUTBOX_FULL'
  | 'HANDLER_TIMEOUT'
  | 'PAUSED'
  | 'REPLAY_HAS_NO_EFFECTS'
  | 'SUBJECT_KEYS_UNAVAILABLE'
  | 'SHUTTING_DOWN';

/** A technical failure, not a business rule. `cause` is the original error, if there is one. */
export class EventingError extends Error {
  constructor(
    readonly code: EventingErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'EventingError';
  }
}
