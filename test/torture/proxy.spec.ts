import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { eventually } from '@nestbox/eventing/testing';
import { LinkProxy } from './proxy.js';

describe('A link between two processes', () => {
  let server: Server;
  let link: LinkProxy;
  const heard: string[] = [];

  beforeEach(async () => {
    heard.length = 0;
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        heard.push(String(chunk));
        socket.write(`re: ${chunk}`);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    link = await LinkProxy.before({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  });
  afterEach(async () => {
    await link.close();
    server.close();
  });

  const caller = async () => {
    const socket = connect(link.port, '127.0.0.1');
    const answers: string[] = [];
    const end = { closed: false };
    socket.on('data', (chunk) => answers.push(String(chunk)));
    socket.on('error', () => undefined);
    socket.on('close', () => (end.closed = true));
    await once(socket, 'connect');
    return { socket, answers, end };
  };

  it('passes on what is said, both ways', async () => {
    const { socket, answers } = await caller();
    socket.write('hello');
    await eventually(() => expect(answers.join('')).toBe('re: hello'));
    expect(link.met).toEqual({ connections: 0, bytes: 0 });
  });

  it('breaks what is there and refuses what comes when it is cut, until it is whole again', async () => {
    const { end } = await caller();
    await eventually(() => expect(link.connections).toBe(2));
    link.become('cut');
    await eventually(() => expect(end.closed).toBe(true));
    const late = await caller();
    await eventually(() => expect(late.end.closed).toBe(true));
    expect(link.met.connections).toBeGreaterThanOrEqual(2);
    link.become('open');
    const { socket, answers } = await caller();
    socket.write('hello');
    await eventually(() => expect(answers.join('')).toBe('re: hello'));
  });

  it('swallows what is sent as a black hole, and nobody is told', async () => {
    const { socket, answers, end } = await caller();
    link.become('hole');
    socket.write('hello');
    await eventually(() => expect(link.met.bytes).toBe(5));
    expect([heard, answers, end.closed]).toEqual([[], [], false]);
  });

  it('lets requests through and loses their answers', async () => {
    const { socket, answers } = await caller();
    link.become('deaf');
    socket.write('hello');
    await eventually(() => expect(link.met.bytes).toBe('re: hello'.length));
    expect([heard, answers]).toEqual([['hello'], []]);
  });

  it('is late, and loses nothing and no order', async () => {
    const { socket, answers } = await caller();
    link.become('slow');
    const started = performance.now();
    socket.write('a');
    socket.write('b');
    await eventually(() => expect(answers.join('')).toMatch(/re: a.*b/));
    expect(performance.now() - started).toBeGreaterThanOrEqual(700);
  });
});
