import { DomainError } from '@nestbox/kernel';

export class DeadLetterReasonMissing extends DomainError {
  readonly code = 'DEAD_LETTER_REASON_MISSING';
  override readonly kind = 'rule';
}
