import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@nestbox/eventing/testing';
import { AppProcess } from '../support/app-process.js';
import { Databases } from '../support/databases.js';
import { proveFired } from '../support/faults.js';
import { freePorts } from '../support/free-ports.js';
import { buildProcesses, PROCESSES } from '../support/processes.js';
import { adminEntry } from '../support/tokens.js';
import { tools } from '../support/tools.js';

describe('an app that more customers call than it can serve', () => {
  const databases = new Databases();
  let app: AppProcess;
  let home: { home: string; remove(): void };

  beforeAll(async () => {
    await buildProcesses();
    await databases.create('checkout', []);
    await databases.query('checkout', 'CREATE TABLE orders (customer text)');
    home = await (await tools()).temporaryHome();
    const [port] = await freePorts(1);
    app = new AppProcess({
      app: 'busy',
      port: port!,
      home: home.home,
      script: [join(PROCESSES, 'busy-app.js')],
      environment: { DATABASE_URL: databases.urlOf('checkout'), BROKER_DATABASE_URL: databases.urlOf('checkout'), NESTBOX_OPERATORS: adminEntry },
    });
    await app.start();
    await app.ready();
  }, 60_000);
  afterEach(() => databases.query('checkout', 'TRUNCATE orders'));
  afterAll(async () => {
    await app?.kill();
    home?.remove();
    await databases.drop();
  });

  /** Sends a request without waiting for the answer. */
  async function call(customer: string): Promise<Socket> {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const body = JSON.stringify({ customer });
    const head = ['POST /orders HTTP/1.1', 'host: checkout', 'content-type: application/json', `content-length: ${body.length}`];
    await new Promise((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n${body}`, resolve));
    return socket;
  }

  const answerTo = async (socket: Socket): Promise<string> => String((await once(socket, 'data'))[0]);
  const placed = async (customer: string): Promise<number> => {
    const [row] = await databases.query<{ n: number }>('checkout', 'SELECT count(*)::int AS n FROM orders WHERE customer = $1', [customer]);
    return row!.n;
  };

  it('does no work for those who have gone, and all of it for those who wait', async () => {
    app.pause();
    const gone = await Promise.all(Array.from({ length: 300 }, () => call('gone')));
    const waiting = await Promise.all(Array.from({ length: 20 }, () => call('waiting')));
    for (const socket of gone) socket.destroy();
    await pause(100);
    proveFired('somebody was served by a process that stood still', (await placed('gone')) === 0);
    const answers = waiting.map(answerTo);
    app.resume();

    expect((await Promise.all(answers)).map((answer) => answer.slice(0, 12))).toEqual(answers.map(() => 'HTTP/1.1 201'));
    expect(await placed('waiting')).toBe(20);
    // A turn that came before the hanging up was noticed is used.
    expect(await placed('gone')).toBeLessThan(30);
    for (const socket of waiting) socket.destroy();
  });

  it('refuses those who would have to wait too long, stays alive, and serves the others', async () => {
    const session = await databases.session('checkout');
    await session.query('BEGIN; LOCK TABLE orders');
    const calls = await Promise.all(Array.from({ length: 250 }, () => call('many')));
    const answers: string[] = [];
    for (const socket of calls) void answerTo(socket).then((answer) => answers.push(answer));
    // All but those in the eight transactions and the hundred places to wait in.
    await eventually(() => expect(answers).toHaveLength(142), { timeoutMs: 20_000 });
    expect((await app.get('/health/live')).status).toBe(200);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 503[^]*Retry-After: \d+[^]*TOO_MANY_WAITING/);
    await session.query('ROLLBACK');
    session.release();
    await eventually(() => expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 201'))).toHaveLength(108), { timeoutMs: 20_000 });
    expect(await placed('many')).toBe(108);
    for (const socket of calls) socket.destroy();
  });
});
