import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import kafkajs from 'kafkajs';
import { unreadableRecords } from './unreadable-records.js';
import { WireHeaders } from './wire-headers.js';

const PATCHED_VERSION = '2.2.4';
const MAX_DECOMPRESSED_BYTES = 16 * 1024 * 1024;
const CHECK_PENDING_MS = 10;

/** The part of kafkajs' Decoder that the patch touches. */
interface Decoder {
  readonly buffer: Buffer;
  readonly offset: number;
  /** Called for headers only. */
  readVarIntArray(): WireHeaders;
}

/** The part of kafkajs' RequestQueue that the patch touches. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
}

const require = createRequire(import.meta.url);

/** Cures faults of exactly this kafkajs; another version must be looked at again before it is used. */
export function patchClient(): void {
  const { version } = require('kafkajs/package.json') as { version: string };
  if (version !== PATCHED_VERSION) {
    throw new Error(`kafkajs ${version} is installed; ${PATCHED_VERSION} is the version that the patches are for.`);
  }
  restIdleQueues();
  boundCompression();
  leaveHeaders();
}

/** kafkajs re-arms a 1 ms timer for ever on each idle connection, some 820 wake-ups a second (its issue #1751). */
function restIdleQueues(): void {
  const { prototype } = require('kafkajs/src/network/requestQueue') as { prototype: object };
  Object.assign(prototype, {
    scheduleCheckPendingRequests(this: RequestQueue): void {
      if (this.pending.length === 0 || this.throttleCheckTimeoutId) return;
      const throttled = this.throttledUntil - Date.now();
      this.throttleCheckTimeoutId = setTimeout(() => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      }, throttled > 0 ? throttled : CHECK_PENDING_MS);
    },
  });
}

/**
 * kafkajs unpacks whatever it is sent (its issue #1795): a few kilobytes could fill the memory. And what it cannot unpack
 * stops its partition for ever: such a batch becomes records that nobody can read, and those are parked.
 */
function boundCompression(): void {
  const pack = promisify(gzip);
  const unpack = promisify(gunzip);
  const codecs: Record<number, () => unknown> = kafkajs.CompressionCodecs;
  const { GZIP, Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes;
  codecs[GZIP] = () => ({
    compress: ({ buffer }: { buffer: Buffer }) => pack(buffer),
    decompress: (buffer: Buffer) =>
      unpack(buffer, { maxOutputLength: MAX_DECOMPRESSED_BYTES }).catch(() => unreadableRecords('a batch that gzip cannot unpack within 16 MiB')),
  });
  for (const [name, type] of Object.entries({ Snappy, LZ4, ZSTD })) {
    if (isThere(codecs[type])) continue;
    codecs[type] = () => ({
      compress: () => Promise.reject(new Error(`There is no codec for ${name} here.`)),
      decompress: async () => unreadableRecords(`a batch that is packed by ${name}, for which there is no codec here`),
    });
  }
}

/** kafkajs has entries for codecs that it lacks, which throw. */
function isThere(codec: (() => unknown) | undefined): boolean {
  try {
    return Boolean(codec?.());
  } catch {
    return false;
  }
}

/**
 * kafkajs gathers a record's headers in quadratic time: ten thousand of them would hold the process up for seconds, and
 * ten cost more than all else of the record. They are the last thing in it, so nobody misses the reader's having moved.
 */
function leaveHeaders(): void {
  const { prototype } = require('kafkajs/src/protocol/decoder') as { prototype: Decoder };
  prototype.readVarIntArray = function leave(this: Decoder) {
    return new WireHeaders(this.buffer, this.offset);
  };
}
