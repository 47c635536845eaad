import { freePorts } from './free-ports.js';
import { tools } from './tools.js';
import type { Ended, KafkaPlace, LocalKafka } from './tools.js';

/** A Kafka that nobody else uses: it may be killed and comes back on the same port with the same data. */
export class OwnKafka {
  private constructor(
    private readonly options: KafkaPlace & { settings: Record<string, string> },
    private running: LocalKafka,
  ) {}

  /** `settings`: further lines of server.properties. */
  static async start(home: string, settings: (place: KafkaPlace) => Record<string, string> = () => ({})): Promise<OwnKafka> {
    const [port, controllerPort] = (await freePorts(2)) as [number, number];
    const { startKafka } = await tools();
    const place = { home, port, controllerPort };
    const options = { ...place, settings: settings(place) };
    return new OwnKafka(options, await startKafka(options));
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
    this.running = await startKafka(this.options);
  }

  /** Its data is thrown away afterwards: there is nothing to shut down in good order. */
  async stop(): Promise<void> {
    await this.running.stop();
  }
}
