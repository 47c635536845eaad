import { DomainError } from '@nestbox/kernel';

export class ConsumerUnknown extends DomainError {
  readonly code = 'CONSUMER_UNKNOWN';
  override readonly kind = 'missing';
  constructor(kind: 'group' | 'handler', name: string, known: readonly string[]) {
    super(`This app has no ${kind} "${name}"${known.length > 0 ? `, only ${known.join(', ')}` : ''}.`);
  }
}
