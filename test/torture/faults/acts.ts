import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@nestbox/eventing/testing';
import { Random } from '../random.js';
import type { Stage } from '../stage.js';
import { contexts, hold } from './fault.js';
import type { Fault } from './fault.js';

const because = `--reason 'to see whether anybody minds'`;

/** By what an operator would call it: a line for the shell, with something in it that only the moment knows. */
const acts: Readonly<Record<string, (app: string, orderId: string, folder: string) => string>> = {
  'consumers paused': (app) => `consumers pause --app ${app} --group ${app} ${because}`,
  'outbox paused': (app) => `outbox pause --app ${app} ${because}`,
  'all redriven': (app) => `dead-letters redrive --all --app ${app} ${because}`,
  'redrive tried': (app) => `dead-letters redrive --all --dry-run --app ${app} ${because}`,
  'story read': (_app, orderId) => `story ${orderId}`,
  'topic archived': (_app, _orderId, folder) => `archive export checkout.orders --to ${join(folder, 'archive')}`,
  'saga cancelled': (_app, orderId) => `sagas cancel ${orderId} --app fulfilment ${because}`,
  'causes asked for': (app) => `dead-letters causes --app ${app}`,
  'lag asked for': (app) => `consumers lag --app ${app}`,
};
/** So many of them in a row. */
const ACTS = 4;

const operatorsAct: Fault = {
  kind: 'operators-act',
  about: 'an operator does at the shell what comes to mind: pauses, redrives, archives, cancels a saga, looks at a story; what was paused is resumed',
  targets: contexts,
  holds: [1, 3],
  often: 2,
  async inject(stage, step) {
    const folder = mkdtempSync(join(tmpdir(), 'nestbox-acts-'));
    const chosen = new Random(step.seed).shuffled(Object.keys(acts)).slice(0, ACTS);
    const ends: string[] = [];
    let taken = 0;
    try {
      for (const name of chosen) {
        const { code } = await nestbox(stage, acts[name]!(step.target, stage.shop.purchases.at(-1)?.orderId ?? 'none', folder));
        if (code === 0) taken += 1;
        ends.push(`${name} (${code})`);
      }
      await hold(stage, step);
    } finally {
      for (const what of ['consumers resume', 'outbox resume']) await resume(stage, `${what} --app ${step.target}`);
      rmSync(folder, { recursive: true, force: true });
    }
    return { fired: taken > 0, seen: `${ends.join(', ')}` };
  },
};

/** Whether it was paused or not: nothing may be left so. An operator who is refused, of a database that has just gone, insists. */
async function resume(stage: Stage, command: string): Promise<void> {
  const group = command.startsWith('consumers') ? ` --group ${command.split(' ').at(-1)}` : '';
  await eventually(
    async () => {
      const { code, stderr } = await nestbox(stage, `${command}${group} ${because}`);
      if (code !== 0) throw new Error(`"${command}" ended with ${code}: ${stderr.trim()}`);
    },
    { timeoutMs: 20_000, everyMs: 1_000 },
  );
}

const nestbox = ({ shop }: Stage, command: string) => shop.shell(`npx nestbox ${command}`).ended;

export const actFaults: readonly Fault[] = [operatorsAct];
