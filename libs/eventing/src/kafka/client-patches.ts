import kafkajs from 'kafkajs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

const PATCHED_VERSION = '2.2.4';
const MAX_DECOMPRESSED_BYTES = 16 * 1024 * 1024;
const CHECK_PENDING_MS = 10;

/** The part of kafkajs' RequestQueue that the patch touches. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
}

const require = createRequire(import.meta.url);

/** Cures two faults of exactly this kafkajs; another version must be looked at again before it is used. */
export function patchClient(): void {
  const { version } = require('kafkajs/package.json') as { version: string };
  if (version !== PATCHED_VERSION) {
    throw new Error(`kafkajs ${version} is installed; ${PATCHED_VERSION} is the version that the patches are for.`);
  }
  restIdleQueues();
  boundGzip();
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

/** kafkajs unpacks whatever it is sent (its issue #1795): a few kilobytes could fill the memory. */
function boundGzip(): void {
  const pack = promisify(gzip);
  const unpack = promisify(gunzip);
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.GZIP] = () => ({
    compress: ({ buffer }: { buffer: Buffer }) => pack(buffer),
    decompress: (buffer: Buffer) => unpack(buffer, { maxOutputLength: MAX_DECOMPRESSED_BYTES }),
  });
}
