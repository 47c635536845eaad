import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import kafkajs from 'kafkajs';
import { hasKnownInternals, kafkajsVersion } from './kafkajs-internals.js';
import { WireHeaders } from './wire-headers.js';

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

/**
 * Works around faults of the kafkajs version that is known here. Another version gets the public one only, and a warning: its
 * internals must be checked before they are patched.
 */
export function patchClient(warn: (message: string) => void, version = kafkajsVersion): void {
  boundCompression();
  if (!hasKnownInternals(version)) {
    return warn(`kafkajs ${version} is not the version that the patches were made for: it runs without them.`);
  }
  restIdleQueues();
  readHeadersOnDemand();
}

/** kafkajs restarts a 1 ms timer for ever on each idle connection: about 820 wake-ups a second (its issue #1751). */
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
 * kafkajs decompresses without a limit (its issue #1795): a few kilobytes could fill the memory. And a batch that it cannot
 * decompress stops its partition for ever. Here such a batch becomes unreadable records, which are parked.
 */
function boundCompression(): void {
  const pack = promisify(gzip);
  const unpack = promisify(gunzip);
  const codecs: Record<number, () => unknown> = kafkajs.CompressionCodecs;
  const { GZIP, Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes;
  codecs[GZIP] = () => ({
    compress: ({ buffer }: { buffer: Buffer }) => pack(buffer),
    decompress: (buffer: Buffer) =>
      unpack(buffer, { maxOutputLength: MAX_DECOMPRESSED_BYTES }).catch(() => unreadableRecords('a batch that gzip cannot decompress within 16 MiB')),
  });
  for (const [name, type] of Object.entries({ Snappy, LZ4, ZSTD })) {
    if (isThere(codecs[type])) continue;
    codecs[type] = () => ({
      compress: () => Promise.reject(new Error(`There is no codec for ${name} here.`)),
      decompress: async () => unreadableRecords(`a batch that is compressed with ${name}, for which there is no codec here`),
    });
  }
}

/** For a codec that it lacks, kafkajs has an entry that throws. */
function isThere(codec: (() => unknown) | undefined): boolean {
  try {
    return Boolean(codec?.());
  } catch {
    return false;
  }
}

/**
 * kafkajs parses a record's headers in quadratic time: ten thousand of them would block the process for seconds, and ten
 * cost more than the rest of the record. Headers come last in a record, so the decoder need not advance past them.
 */
function readHeadersOnDemand(): void {
  const { prototype } = require('kafkajs/src/protocol/decoder') as { prototype: Decoder };
  prototype.readVarIntArray = function headersOnDemand(this: Decoder) {
    return new WireHeaders(this.buffer, this.offset);
  };
}

/** A compressed batch of a million bytes is not expected to hold more records. */
const MOST_RECORDS = 100_000;

/**
 * Stand-ins for the records of an unreadable batch, in Kafka's encoding: as many as a batch can have, with consecutive
 * offsets, no key, and the reason as value. The batch itself stays in the log.
 */
function unreadableRecords(why: string): Buffer {
  const value = Buffer.from(`Refused: ${why}.`);
  const records: Buffer[] = [];
  for (let delta = 0; delta < MOST_RECORDS; delta++) {
    const body = Buffer.concat([Buffer.from([0, 0]), varInt(delta), varInt(-1), varInt(value.length), value, Buffer.from([0])]);
    records.push(varInt(body.length), body);
  }
  return Buffer.concat(records);
}

/** Zigzag, seven bits a byte, least significant first. */
function varInt(value: number): Buffer {
  const bytes: number[] = [];
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
