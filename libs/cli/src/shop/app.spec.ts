import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Fault } from '../fault.js';
import { App } from './app.js';

describe('an app, asked by the shell', () => {
  let server: Server;
  let answer: RequestListener = () => undefined;
  let app: App;

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    app = new App('email', `http://127.0.0.1:${port}`, { viewer: 'a-token-to-look', operator: 'a-token-of-this-test' });
  });
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  const linesOf = async (signal?: AbortSignal) => {
    const lines: unknown[] = [];
    for await (const line of app.lines('/admin/dead-letters/redrive', { method: 'POST', body: {}, signal })) lines.push(line);
    return lines;
  };

  it('is sent the weakest token that will do, and its JSON is the answer', async () => {
    answer = ({ headers }, response) => response.end(JSON.stringify({ bearer: headers.authorization }));
    expect(await app.ask('/admin/audit')).toEqual({ bearer: 'Bearer a-token-to-look' });
    expect(await app.ask('/admin/outbox/pause', { method: 'POST', body: {} })).toEqual({ bearer: 'Bearer a-token-of-this-test' });
    expect(await app.ask('/admin/subjects/forget', { method: 'POST', role: 'admin', body: {} })).toEqual({});
  });

  it('that refuses is quoted in one line, with its code and the fields, and nothing that steers a terminal', async () => {
    const problem = {
      detail: 'It breaks\nits schema.\u001b[2J',
      code: 'VALIDATION_FAILED',
      errors: [{ path: 'reason', message: 'Too short' }],
    };
    answer = (_request, response) => response.writeHead(400).end(JSON.stringify(problem));
    const fault = new Fault('email: It breaks its schema. [2J reason: Too short. (VALIDATION_FAILED)');
    await expect(app.ask('/admin/audit')).rejects.toEqual(fault);
    await expect(linesOf()).rejects.toEqual(fault);
  });

  it('is heard line by line, however the lines are cut on their way', async () => {
    answer = (_request, response) => {
      response.write('{"redriven":1}\n{"redr');
      setImmediate(() => response.end('iven":2}\n'));
    };
    expect(await linesOf()).toEqual([{ redriven: 1 }, { redriven: 2 }]);
  });

  it('that goes away in the middle is told of, with what can be done', async () => {
    answer = (_request, response) => {
      response.write('{"redriven":1}\n', () => response.destroy());
    };
    await expect(linesOf()).rejects.toThrow(/^email went away before it was done: look again/);
  });

  it('is left at once by whoever is interrupted', async () => {
    const interruption = new AbortController();
    answer = (_request, response) => {
      response.write('{"redriven":1}\n', () => interruption.abort());
    };
    await expect(linesOf(interruption.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('that is not there is named with its address and the cure', async () => {
    const nobody = new App('search', 'http://127.0.0.1:9');
    await expect(nobody.ask('/admin/audit')).rejects.toThrow(
      'search does not answer at http://127.0.0.1:9: start it, or say where it is with --app search=<url>',
    );
  });
});
