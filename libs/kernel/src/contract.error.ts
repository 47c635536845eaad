/** A contract, or an event made from it, breaks the rules of the language. A fault of the code, found at its definition. */
export class ContractError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ContractError';
  }
}
