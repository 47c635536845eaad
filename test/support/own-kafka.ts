import { freePorts } from './free-ports.js';
import { tools } from './tools.js';
import type { Ended, LocalKafka } from './tools.js';

/** A Kafka that nobody else uses: it may be killed and comes back on the same port with the same data. */
export class OwnKafka {
  private constructor(
    private readonly home: string,
    private readonly ports: { port: number; controllerPort: number },
    private running: LocalKafka,
  ) {}

  static async start(home: string): Promise<OwnKafka> {
    const [port, controllerPort] = (await freePorts(2)) as [number, number];
    const { startKafka } = await tools();
    const ports = { port, controllerPort };
    return new OwnKafka(home, ports, await startKafka({ home, ...ports }));
  }

  get brokers(): string {
    return this.running.brokers;
  }

  async kill(): Promise<Ended> {
    process.kill(this.running.pid, 'SIGKILL');
    return this.running.ended;
  }

  async restart(): Promise<void> {
    const { startKafka } = await tools();
    this.running = await startKafka({ home: this.home, ...this.ports });
  }

  /** Its data is thrown away afterwards: there is nothing to shut down in good order. */
  async stop(): Promise<void> {
    await this.running.stop();
  }
}
