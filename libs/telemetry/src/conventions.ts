/**
 * Every span attribute: OpenTelemetry's semantic conventions under their own names, and our own under `nestbox.`. None of them
 * may contain message data, an address or an error's text.
 */
export const attribute = {
  messagingSystem: 'messaging.system.name',
  /** The old name, which most backends still use. */
  messagingSystemOfOld: 'messaging.system',
  destination: 'messaging.destination.name',
  partition: 'messaging.destination.partition.id',
  group: 'messaging.consumer.group.name',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  messageId: 'messaging.message.id',
  conversationId: 'messaging.message.conversation_id',
  batchSize: 'messaging.batch.message_count',
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  urlPath: 'url.path',
  urlScheme: 'url.scheme',
  urlFull: 'url.full',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  protocol: 'network.protocol.name',
  databaseSystem: 'db.system.name',
  databaseOperation: 'db.operation.name',
  querySummary: 'db.query.summary',
  errorType: 'error.type',

  eventType: 'nestbox.event.type',
  handler: 'nestbox.handler.id',
  outboxWait: 'nestbox.dwell.outbox_seconds',
  brokerWait: 'nestbox.dwell.broker_seconds',
  queueWait: 'nestbox.dwell.queue_seconds',
  letter: 'nestbox.dead_letter.id',
  parkedFor: 'nestbox.dead_letter.reason',
  saga: 'nestbox.saga.name',
  sagaInstance: 'nestbox.saga.id',
  sagaCause: 'nestbox.saga.cause',
  sagaAnswer: 'nestbox.saga.answer',
  sagaStatus: 'nestbox.saga.status',
  mailKind: 'nestbox.mail.kind',
} as const;

/** First word of a messaging span's name, and its `messaging.operation.name`. */
export type Operation = 'create' | 'send' | 'process' | 'park' | 'redrive' | 'replay';

/** The conventions define few operation types; other operations have none. */
export const operationTypes: Readonly<Partial<Record<Operation, string>>> = {
  create: 'create',
  send: 'send',
  process: 'process',
};

/** `process checkout.orders`; without a destination where a batch has several. */
export function spanName(operation: Operation, destination?: string): string {
  return destination === undefined ? operation : `${operation} ${destination}`;
}

export function operationAttributes(operation: Operation): Record<string, string> {
  const type = operationTypes[operation];
  return { [attribute.operationName]: operation, ...(type && { [attribute.operationType]: type }) };
}
