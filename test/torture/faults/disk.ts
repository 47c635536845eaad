import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@nestbox/eventing/testing';
import type { Stage } from '../stage.js';
import { contexts, hold } from './fault.js';
import type { Fault } from './fault.js';

const CHUNK = Buffer.alloc(1024 * 1024, 1);

const full: Fault = {
  kind: 'disk-full',
  about: 'the disk under PostgreSQL, Kafka and all logs is filled to the last byte and emptied again; what ended because of that is started again',
  targets: ['everybody'],
  holds: [6, 10],
  alone: true,
  needsDisk: true,
  async inject(stage, step) {
    const ballast = join(stage.home, 'ballast');
    const refusal = fill(ballast);
    await hold(stage, step);
    const { bavail } = statfsSync(stage.home);
    rmSync(ballast, { force: true });
    await revive(stage);
    const ended = await startAgain(stage);
    return { fired: refusal === 'ENOSPC', seen: `${refusal || 'there was room'}, ${bavail} blocks were free at the end; ended by themselves: ${ended || 'none'}` };
  },
};

/** @returns what the system said to the last byte */
function fill(file: string): string {
  const descriptor = openSync(file, 'w');
  try {
    for (;;) writeSync(descriptor, CHUNK);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? '';
  } finally {
    closeSync(descriptor);
  }
}

/** Servers that cannot write end themselves; somebody has to start them again. */
async function revive({ shop, postgres }: Stage): Promise<void> {
  const answers = () => shop.query('checkout', 'SELECT 1');
  const isBack = await eventually(answers, { timeoutMs: 5_000 }).then(() => true, () => false);
  if (!isBack) {
    await postgres.kill().catch(() => undefined);
    await postgres.start();
    await eventually(answers, { timeoutMs: 20_000 });
  }
  if (!shop.kafka) return;
  await shop.kafka.kill().catch(() => undefined);
  await shop.kafka.restart();
}

/** As a supervisor does with apps that have ended. */
async function startAgain({ shop }: Stage): Promise<string> {
  const gone = [...contexts, 'recorder'].map((name) => shop.app(name)).filter((app) => !app.running());
  const codes = await Promise.all(gone.map(async (app) => `${app.name} (${(await app.ended).code})`));
  await Promise.all(gone.map((app) => app.start()));
  await Promise.all(gone.map((app) => app.ready(120_000)));
  return codes.join(', ');
}

export const diskFaults: readonly Fault[] = [full];
