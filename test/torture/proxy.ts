import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** `cut`: refuses and breaks; `hole`: takes everything and passes nothing on; `deaf`: requests pass, replies do not; `slow`: late. */
export type LinkState = 'open' | 'cut' | 'hole' | 'deaf' | 'slow';

const LATE_MS = 400;

/** A network link that can fail, between one client and one server. */
export class LinkProxy {
  /** What has met the link in trouble: connections that were broken or refused, and bytes that were held up or lost. */
  readonly met = { connections: 0, bytes: 0 };
  private state: LinkState = 'open';
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(readonly target: { host: string; port: number }) {
    // Half open on both sides, as TCP is: whoever has said all may still be answered.
    this.server = createServer({ allowHalfOpen: true }, (client) => this.take(client));
  }

  static async before(target: { host: string; port: number }, port = 0): Promise<LinkProxy> {
    const proxy = new LinkProxy(target);
    await new Promise<void>((resolve, reject) => {
      proxy.server.once('error', reject);
      proxy.server.listen(port, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Of both sides. */
  get connections(): number {
    return this.sockets.size;
  }

  become(state: LinkState): void {
    this.state = state;
    // What was swallowed on a connection cannot be made good on it: as in a network, it ends sooner or later.
    if (state === 'cut' || state === 'open') this.breakAll(state === 'cut');
  }

  async close(): Promise<void> {
    this.breakAll(false);
    await new Promise((resolve) => this.server.close(resolve));
  }

  private breakAll(counted: boolean): void {
    if (counted) this.met.connections += this.sockets.size;
    for (const socket of this.sockets) socket.destroy();
  }

  private take(client: Socket): void {
    if (this.state === 'cut') {
      this.met.connections += 1;
      client.destroy();
      return;
    }
    const server = connect({ ...this.target, allowHalfOpen: true });
    this.pass(client, server, ['hole']);
    this.pass(server, client, ['hole', 'deaf']);
  }

  private pass(from: Socket, to: Socket, swallows: readonly LinkState[]): void {
    this.sockets.add(from);
    from.on('data', (chunk) => {
      const isTroubled = swallows.includes(this.state);
      if (isTroubled || this.state === 'slow') this.met.bytes += chunk.length;
      if (isTroubled) return;
      if (this.state === 'slow') setTimeout(() => to.write(chunk), LATE_MS);
      else if (!to.write(chunk)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    from.on('end', () => setTimeout(() => to.end(), this.state === 'slow' ? LATE_MS : 0));
    from.on('error', () => undefined);
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
