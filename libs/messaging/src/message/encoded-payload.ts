import type { WireSchema } from '@nestbox/kernel';
import { decoderOf } from '@nestbox/schema';
import type { SchemaText } from '@nestbox/schema';

type Decoder = (bytes: Buffer) => unknown;

/** A schema that records were written under, with a decoder for each reader that has met it. */
export class WriterSchema {
  private readonly decoders = new Map<string, Decoder>();

  constructor(private readonly schema: SchemaText) {}

  get format() {
    return this.schema.format;
  }

  decoder(reader: WireSchema | undefined, indexes: readonly number[]): Decoder {
    const name = `${indexes.join('.')} ${reader?.text ?? ''}`;
    let decoder = this.decoders.get(name);
    if (!decoder) this.decoders.set(name, (decoder = decoderOf(this.schema, reader, indexes)));
    return decoder;
  }
}

/** Data as it travels, until the contract is known that it is to be read with. */
export class EncodedPayload {
  constructor(
    private readonly writer: WriterSchema,
    private readonly bytes: Buffer,
    private readonly indexes: readonly number[],
    private readonly after: (data: unknown) => unknown = (data) => data,
  ) {}

  /** The same, and what is read goes through this as well. */
  through(after: (data: unknown) => unknown): EncodedPayload {
    return new EncodedPayload(this.writer, this.bytes, this.indexes, after);
  }

  /** Throws SchemaError when the bytes, or the schemas, do not fit. */
  read(reader: WireSchema | undefined): unknown {
    return this.after(this.writer.decoder(reader, this.indexes)(this.bytes));
  }
}
