import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { tools } from '../support/tools.js';

interface MailCatcher {
  readonly port: number;
  readonly mails: readonly { messageId?: string; to: string[]; subject: string }[];
  duplicates(): number;
  stop(): Promise<void>;
}

// A path in a variable: the tools are plain JavaScript, which the compiler is not asked to read.
const tool = join(process.cwd(), 'tools', 'mail-catcher.mjs');
const startMailCatcher: (options: { port: number; file?: string }) => Promise<MailCatcher> = (await import(tool))
  .startMailCatcher;

const confirmation = { from: 'shop@example.com', to: 'ada@example.com', subject: 'Thank you', text: 'On its way.' };

describe('the mail catcher', () => {
  let home: { home: string; remove(): void };
  let catcher: MailCatcher;

  const file = () => join(home.home, 'mails.ndjson');
  const send = async (messageId: string) => {
    const transport = createTransport({ host: '127.0.0.1', port: catcher.port });
    const { response } = await transport.sendMail({ ...confirmation, messageId });
    transport.close();
    return response;
  };

  beforeEach(async () => {
    home = await (await tools()).temporaryHome();
    catcher = await startMailCatcher({ port: 0, file: file() });
  });
  afterEach(async () => {
    await catcher.stop();
    home.remove();
  });

  it('keeps what it takes', async () => {
    await send('<order-1@nestbox>');
    expect(catcher.mails).toEqual([
      expect.objectContaining({ messageId: '<order-1@nestbox>', to: ['ada@example.com'], subject: 'Thank you' }),
    ]);
  });

  it('accepts a second mail with the same Message-ID, and only counts it', async () => {
    await Promise.all([send('<order-1@nestbox>'), send('<order-1@nestbox>')]);
    expect(await send('<order-1@nestbox>')).toMatch(/^250/);
    expect(catcher.mails).toHaveLength(1);
    expect(catcher.duplicates()).toBe(2);
  });

  it('knows after a restart what it had before', async () => {
    await send('<order-1@nestbox>');
    await catcher.stop();
    catcher = await startMailCatcher({ port: 0, file: file() });
    await send('<order-1@nestbox>');
    await send('<order-2@nestbox>');
    expect(catcher.mails.map(({ messageId }) => messageId)).toEqual(['<order-1@nestbox>', '<order-2@nestbox>']);
  });
});
