import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { Broker, BrokerRecord, PartitionBatch, PartitionBounds } from '@nestbox/messaging';
import { ArchiveError, MANIFEST } from './archive.js';
import type { ArchivedRecord, Manifest } from './archive.js';

export interface ExportOptions {
  /** Records written so far, and in all. */
  readonly onProgress?: (done: number, all: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Writes a topic's current records into a folder without an archive: one file per partition, and last the manifest with
 * the checksums. Reads with a temporary consumer group.
 */
export async function exportTopic(broker: Broker, topic: string, folder: string, options: ExportOptions = {}): Promise<Manifest> {
  const bounds = await broker.bounds([topic]);
  if (bounds.length === 0) throw new ArchiveError(`There is no topic ${topic}.`);
  await mkdir(folder, { recursive: true });
  const files = bounds.map((bound) => new PartitionFile(folder, bound));
  const group = `archive.${randomUUID()}`;
  const all = files.reduce((sum, file) => sum + file.expected, 0);
  let failure: Error | undefined;
  const handler = async ({ partition, records }: PartitionBatch, { commit }: { commit(next: string): Promise<void> }) => {
    await files[partition]!.write(records).catch((error: Error) => (failure = error));
    await commit(String(BigInt(records.at(-1)!.offset) + 1n));
    options.onProgress?.(files.reduce((sum, file) => sum + file.done, 0), all);
  };
  const subscription = await broker.subscribe({ group, topics: [topic], handler });
  try {
    while (!failure && !files.every((file) => file.isComplete)) await pause(50, undefined, { signal: options.signal });
  } finally {
    await subscription.stop();
    await broker.forgetGroup(group).catch(() => undefined);
  }
  if (failure) throw failure;
  const manifest: Manifest = {
    format: 'nestbox-archive/1',
    topic,
    partitions: bounds.length,
    exportedAt: new Date().toISOString(),
    files: await Promise.all(files.map((file) => file.close())),
  };
  // Written last: a folder without a manifest is not an archive.
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx' });
  return manifest;
}

class PartitionFile {
  done = 0;
  private next: bigint;
  private readonly end: bigint;
  private readonly hash = createHash('sha256');
  private readonly packer = createGzip();
  private readonly written: Promise<void>;
  private readonly name: string;

  constructor(
    folder: string,
    private readonly bound: PartitionBounds,
  ) {
    this.name = `${bound.partition}.ndjson.gz`;
    this.next = BigInt(bound.earliest);
    this.end = BigInt(bound.end);
    const { hash } = this;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    this.written = pipeline(this.packer, count, createWriteStream(join(folder, this.name), { flags: 'wx' }));
    this.written.catch(() => undefined);
  }

  get expected(): number {
    return Number(this.end - BigInt(this.bound.earliest));
  }

  get isComplete(): boolean {
    return this.next >= this.end;
  }

  /** Skips records that are delivered again after a rebalance. */
  async write(records: readonly BrokerRecord[]): Promise<void> {
    const fresh = records.filter(({ offset }) => BigInt(offset) >= this.next && BigInt(offset) < this.end);
    this.next = BigInt(records.at(-1)!.offset) + 1n > this.next ? BigInt(records.at(-1)!.offset) + 1n : this.next;
    this.done += fresh.length;
    const text = fresh.map((record) => `${JSON.stringify(toLine(record))}\n`).join('');
    if (text === '') return;
    await Promise.race([new Promise<void>((resolve) => this.packer.write(text, () => resolve())), this.written]);
  }

  async close(): Promise<Manifest['files'][number]> {
    this.packer.end();
    await this.written;
    const { partition, earliest, end } = this.bound;
    return { name: this.name, partition, from: earliest, to: end, records: this.done, sha256: this.hash.digest('hex') };
  }
}

function toLine({ offset, timestamp, key, value, headers }: BrokerRecord): ArchivedRecord {
  return { offset, timestamp, key: key?.toString('base64') ?? null, value: value?.toString('base64') ?? null, headers: { ...headers } };
}
