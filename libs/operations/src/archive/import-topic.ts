import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { Broker, OutgoingRecord } from '@nestbox/messaging';
import { ArchivedRecord, ArchiveError, verifyArchive } from './archive.js';
import type { Manifest } from './archive.js';

const BATCH = 500;
/** The record's original topic, partition and offset. */
const ORIGIN_HEADER = 'nestbox-archived-as';

export interface ImportOptions {
  /** Default: the topic that it was exported from. */
  readonly into?: string;
  readonly onProgress?: (done: number, all: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Restores an archive: every record into its old partition, in order, byte for byte. All checksums are verified first. The
 * topic must be empty and have the same number of partitions: otherwise history would be duplicated or out of order.
 * Throws ArchiveError.
 */
export async function importTopic(broker: Broker, folder: string, { into, onProgress, signal }: ImportOptions = {}): Promise<Manifest> {
  const manifest = await verifyArchive(folder);
  const topic = into ?? manifest.topic;
  const bounds = await broker.bounds([topic]);
  if (bounds.length !== manifest.partitions) {
    throw new ArchiveError(`Topic ${topic} has ${bounds.length} partitions, the archive ${manifest.partitions}: keys would change places.`);
  }
  if (bounds.some(({ end }) => end !== '0')) throw new ArchiveError(`Topic ${topic} is not empty: an archive can only be imported into an empty topic.`);
  const all = manifest.files.reduce((sum, { records }) => sum + records, 0);
  let done = 0;
  for (const file of manifest.files) {
    for await (const batch of batchesIn(join(folder, file.name))) {
      signal?.throwIfAborted();
      await broker.publish(batch.map((record) => outgoing(record, topic, manifest.topic, file.partition)));
      done += batch.length;
      onProgress?.(done, all);
    }
  }
  return manifest;
}

async function* batchesIn(path: string): AsyncGenerator<ArchivedRecord[]> {
  const lines = createInterface({ input: createReadStream(path).pipe(createGunzip()), crlfDelay: Infinity });
  let batch: ArchivedRecord[] = [];
  for await (const line of lines) {
    batch.push(ArchivedRecord.parse(JSON.parse(line)));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function outgoing({ offset, key, value, headers }: ArchivedRecord, topic: string, from: string, partition: number): OutgoingRecord {
  if (key === null) throw new ArchiveError(`Record ${offset} of ${from}[${partition}] has no key: it was not written by a relay.`);
  return {
    topic,
    partition,
    key: Buffer.from(key, 'base64').toString(),
    value: value === null ? null : Buffer.from(value, 'base64'),
    headers: { ...headers, [ORIGIN_HEADER]: `${from}[${partition}]@${offset}` },
  };
}
