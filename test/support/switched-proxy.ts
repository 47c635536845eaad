import { createServer, request } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before an HTTP server and can be made to refuse, or to keep silent, as a server in trouble does. */
export class SwitchedProxy {
  mode: 'open' | 'refusing' | 'silent' = 'open';
  /** Requests that met a closed or silent proxy: the trouble was really met. */
  troubled = 0;
  private readonly server: Server;

  private constructor(private readonly target: string) {
    this.server = createServer((incoming, outgoing) => this.pass(incoming, outgoing));
  }

  static async before(target: string): Promise<SwitchedProxy> {
    const proxy = new SwitchedProxy(target);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (this.mode !== 'open') this.troubled += 1;
    if (this.mode === 'refusing') return void incoming.socket.destroy();
    if (this.mode === 'silent') return;
    const { method, headers, url = '/' } = incoming;
    const onward = request(this.target + url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }
}
