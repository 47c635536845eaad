/** A contract, or a message of it, breaks the rules. A bug in the code, mostly found when the contract is defined. */
export class ContractError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ContractError';
  }
}
