/** An invalid schema or invalid data. The message says where and why, in one line. */
export class SchemaError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message.replace(/\s+/g, ' '), options);
    this.name = 'SchemaError';
  }
}

/** Two schemas whose comparison would take more work than a budget allows: neither compatible nor incompatible. */
export class TooComplexError extends Error {
  constructor(within: string, options?: ErrorOptions) {
    super(`The schemas are too complex to compare within ${within}: split them, or register them under the level NONE.`, options);
    this.name = 'TooComplexError';
  }
}
