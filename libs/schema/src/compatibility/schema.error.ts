/** A text that is no schema of its format. The message says where and why, in one line. */
export class SchemaError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message.replace(/\s+/g, ' '), options);
    this.name = 'SchemaError';
  }
}
