/** An invalid schema or invalid data. The message says where and why, in one line. */
export class SchemaError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message.replace(/\s+/g, ' '), options);
    this.name = 'SchemaError';
  }
}
