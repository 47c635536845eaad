import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A TCP proxy. When the client sends a given word, it delivers the word, but cuts the connection before the answer. */
export class CuttingProxy {
  private word: string | undefined;
  cuts = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.join(client));

  private constructor(private readonly target: { host: string; port: number }) {}

  static async before(url: string): Promise<CuttingProxy> {
    const { hostname, port } = new URL(url);
    const proxy = new CuttingProxy({ host: hostname, port: Number(port) });
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The same database, through this proxy. */
  urlFor(url: string): string {
    const through = new URL(url);
    through.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return through.toString();
  }

  cutAnswerTo(word: string): void {
    this.word = word;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    const server = connect(this.target);
    let deaf = false;
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
    }
    client.on('data', (bytes) => {
      if (this.word !== undefined && bytes.includes(this.word)) {
        this.word = undefined;
        this.cuts += 1;
        deaf = true;
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (!deaf) client.write(bytes);
      // The server has executed the request; its answer is lost.
      else client.destroy();
    });
    client.on('close', () => server.end());
    server.on('close', () => client.destroy());
  }
}
