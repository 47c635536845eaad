import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import kafkajs from 'kafkajs';
import { readBatchesOurWay } from './fetch-responses.js';
import { hasKnownInternals, kafkajsVersion } from './kafkajs-internals.js';
import { CODECS, unpack } from './unpack.js';
import { WireHeaders } from './wire-headers.js';

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
  readBatchesOurWay();
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

/** kafkajs has gzip only, and unpacks without a limit (its issues #1141, #1475, #1795). */
function boundCompression(): void {
  const pack = promisify(gzip);
  const codecs: Record<number, () => unknown> = kafkajs.CompressionCodecs;
  for (const [type, name] of Object.entries(CODECS)) {
    codecs[Number(type)] = () => ({
      compress: ({ buffer }: { buffer: Buffer }) =>
        name === 'gzip' ? pack(buffer) : Promise.reject(new Error(`There is nothing here that packs with ${name}.`)),
      decompress: (buffer: Buffer) => unpack(name, buffer),
    });
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
