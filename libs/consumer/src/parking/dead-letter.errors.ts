import { DomainError } from '@nestbox/kernel';

export class DeadLetterNotFound extends DomainError {
  readonly code = 'DEAD_LETTER_NOT_FOUND';
  override readonly kind = 'missing';
  constructor(id: string) {
    super(`There is no dead letter ${id}.`);
  }
}

export class DeadLetterClosed extends DomainError {
  readonly code = 'DEAD_LETTER_CLOSED';
  constructor(id: string, status: string) {
    super(`Dead letter ${id} is ${status}: nothing can be done with it any more.`);
  }
}

export class DeadLetterNotHead extends DomainError {
  readonly code = 'DEAD_LETTER_NOT_HEAD';
  constructor(id: string, head: string) {
    super(`Dead letter ${id} waits behind ${head}, the head of its key: deal with that first, or redrive the whole key.`);
  }
}

export class DeadLetterHandlerGone extends DomainError {
  readonly code = 'DEAD_LETTER_HANDLER_GONE';
  constructor(handler: string, what: string) {
    super(`No handler ${handler} here takes ${what}: run this where it is bound, or discard the dead letter.`);
  }
}

export class DeadLetterEditInvalid extends DomainError {
  readonly code = 'DEAD_LETTER_EDIT_INVALID';
  override readonly kind = 'rule';
}

export class DeadLetterUndoTooLate extends DomainError {
  readonly code = 'DEAD_LETTER_UNDO_TOO_LATE';
}
