import { DomainError } from '@nestbox/kernel';

export class AccountNotFound extends DomainError {
  readonly code = 'ACCOUNT_NOT_FOUND';
  override readonly kind = 'missing';

  constructor() {
    super('There is no such account.');
  }
}

export class WrongCode extends DomainError {
  readonly code = 'WRONG_CODE';
  override readonly kind = 'rule';

  constructor() {
    super('This is not the code that was mailed: look at the latest mail.');
  }
}
