import { eventually } from '@nestbox/eventing/testing';
import { Clone } from '../support/clone.js';
import { freePortBase } from '../support/free-ports.js';
import { applyDiff, stepsOf } from '../support/page.js';
import type { Step } from '../support/page.js';

const steps = stepsOf('docs/add-a-consumer.md');
const DEFAULT_PORT_BASE = 3000;

/** A reader with a second shop would set PORT_BASE, and shift the ports of the page by as much. */
function shifted(url: string, base: number): string {
  return url.replace(/:(\d{4})\//, (_, port: string) => `:${base + Number(port) - DEFAULT_PORT_BASE}/`);
}

describe('The page "add a consumer in five minutes", followed word by word', () => {
  let clone: Clone;
  let answer: () => Promise<unknown>;

  beforeAll(async () => {
    const base = await freePortBase();
    clone = await Clone.make(base);
  }, 60_000);
  afterAll(() => clone?.remove(), 60_000);

  const run = async (command: string) => {
    const [, url] = /^curl -s '(.+)'$/.exec(command) ?? [];
    if (url !== undefined) answer = async () => (await fetch(shifted(url, clone.base))).json();
    else if (command === 'npm start') await clone.start(command, 'is ready after');
    else await clone.run(command);
  };

  const follow = async (step: Step) => {
    switch (step.kind) {
      case 'write':
        return clone.write(step.file, step.text);
      case 'edit':
        return clone.edit(step.file, (text) => applyDiff(text, step.text));
      case 'run':
        return run(step.command);
      case 'see':
        return eventually(async () => expect(await answer()).toEqual(step.json), { timeoutMs: 30_000 });
    }
  };

  it.each(steps.map((step) => [title(step), step]))('%s', (_title, step) => follow(step), 240_000);
});

function title(step: Step): string {
  if (step.kind === 'run') return step.command;
  return step.kind === 'see' ? `answers ${JSON.stringify(step.json)}` : `${step.kind}s ${step.file}`;
}
