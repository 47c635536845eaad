import { join } from 'node:path';
import { portOffsets } from '@nestbox/platform';

// A path in a variable: the tools are plain JavaScript, which the compiler is not asked to read.
const tools = join(process.cwd(), 'tools', 'ports.mjs');

describe('the two tables of ports', () => {
  it('agree: what npm start gives an app is what the app would take by itself', async () => {
    const { offsets } = (await import(tools)) as { offsets: Record<string, number> };
    expect(offsets).toMatchObject(portOffsets);
  });

  it('give no port twice', async () => {
    const { offsets } = (await import(tools)) as { offsets: Record<string, number> };
    expect(new Set(Object.values(offsets)).size).toBe(Object.keys(offsets).length);
  });
});
