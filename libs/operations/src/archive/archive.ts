import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** One partition's records, one per line, compressed with gzip. */
const ArchiveFile = z.strictObject({
  name: z.string().regex(/^\d+\.ndjson\.gz$/),
  partition: z.int().min(0),
  /** First offset, and the one after the last. A compacted topic has gaps between them. */
  from: z.string().regex(/^\d+$/),
  to: z.string().regex(/^\d+$/),
  records: z.int().min(0),
  /** Checksum of the compressed file. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const MANIFEST = 'manifest.json';
export const Manifest = z.strictObject({
  format: z.literal('nestbox-archive/1'),
  topic: z.string(),
  partitions: z.int().min(1),
  exportedAt: z.iso.datetime(),
  files: z.array(ArchiveFile),
});
export type Manifest = z.output<typeof Manifest>;

/** A record as one line. Key, value and headers may be any bytes, so key and value are base64. */
export const ArchivedRecord = z.strictObject({
  offset: z.string().regex(/^\d+$/),
  timestamp: z.number(),
  key: z.string().nullable(),
  value: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
});
export type ArchivedRecord = z.output<typeof ArchivedRecord>;

/** The archive is damaged, or the target is unfit. Nothing was changed. */
export class ArchiveError extends Error {}

/** Verifies every checksum and returns the manifest. Throws ArchiveError. */
export async function verifyArchive(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  for (const { name, sha256 } of manifest.files) {
    const hash = createHash('sha256');
    try {
      for await (const chunk of createReadStream(join(folder, name))) hash.update(chunk as Buffer);
    } catch (cause) {
      throw new ArchiveError(`${name} of the archive cannot be read: ${(cause as Error).message}`, { cause });
    }
    if (hash.digest('hex') !== sha256) throw new ArchiveError(`${name} of the archive is not as it was written: its checksum differs.`);
  }
  return manifest;
}

async function readManifest(folder: string): Promise<Manifest> {
  try {
    return Manifest.parse(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')));
  } catch (cause) {
    throw new ArchiveError(`There is no archive: ${MANIFEST} is missing or damaged.`, { cause });
  }
}
