export { ConsumerModule } from './consumer.module.js';
export type { ConsumerModuleOptions, ConsumerOptions } from './consumer.options.js';

export { Audit } from './audit/audit.js';
export type { AuditRow, Authorship } from './audit/audit.js';

export type { ConsumedGroup } from './consumer/consumed-group.js';
export { ConsumerMetrics } from './metrics/consumer-metrics.js';
export { EventConsumer } from './consumer/event-consumer.js';
export { GroupConsumer } from './consumer/group-consumer.js';
export { GroupMonitor } from './consumer/group-monitor.js';
export type { GroupDown, GroupLag } from './consumer/group-monitor.js';
export { KeyByKey } from './consumer/key-by-key.js';
export type { Lane } from './consumer/key-by-key.js';
export type { ProjectionRuntime } from './consumer/projection-runtime.js';
export { Watchdog } from './consumer/watchdog.js';

export { BoundHandlers, HandlerDiscovery } from './handler/handler-discovery.js';
export { correlationOf, EventContext, withinDeadline } from './handler/handler-call.js';
export { EVENTING_TRANSPORT, marksOf } from './handler/handler-mark.js';
export type { HandlerMark, HandlerOptions, ProjectionOptions, ReactionOptions, Reading, StateOptions } from './handler/handler-mark.js';
export type { BoundHandler, BoundMethod, BoundState, View } from './handler/handler-registry.js';
export type { HandlerSource } from './handler/handler-discovery.js';
export { HandlesCommand, HandlesEvent, ProjectsEvent, ProjectsState } from './handler/handles-event.js';
export { IdempotencyInterceptor } from './handler/idempotency.interceptor.js';
export { isSound } from './handler/task.js';
export type { SoundTask, Task } from './handler/task.js';

export { Inbox } from './inbox/inbox.js';

export type { DeadLetter, DeadLetterDetail, DeadLetterFilter, DeadLetterSelection, DeadLetterStatus } from './parking/dead-letter.js';
export { DeadLetters } from './parking/dead-letters.js';
export type { CauseCount, DeadLetterPage, RedriveOptions, RedriveReport } from './parking/dead-letters.js';
export type { DeadLetterEdit } from './parking/dead-letter-editor.js';
export { Parking } from './parking/parking.js';

export { Pauses } from './pause/pauses.js';
export type { Pausable, Pause } from './pause/pauses.js';

export { RetryLater, Unprocessable } from './retry/classify.js';
export { policyOf } from './retry/policy.js';
export type { RetryOptions } from './retry/policy.js';
export { insist, isKeyParked } from './retry/retry.js';
