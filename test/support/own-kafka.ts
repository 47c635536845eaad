import { readFileSync } from 'node:fs';
import { freePorts } from './free-ports.js';
import { tools } from './tools.js';
import type { Ended, KafkaPlace, LocalKafka } from './tools.js';

/** A Kafka that nobody else uses: it may be killed and comes back on the same port with the same data. */
export class OwnKafka {
  private constructor(
    private readonly options: KafkaPlace & { settings: Record<string, string> },
    private running: LocalKafka,
    private readonly log: string,
  ) {}

  /** `settings`: further lines of server.properties. */
  static async start(home: string, settings: (place: KafkaPlace) => Record<string, string> = () => ({})): Promise<OwnKafka> {
    const [port, controllerPort] = (await freePorts(2)) as [number, number];
    const { startKafka, logFile } = await tools();
    const place = { home, port, controllerPort };
    const options = { ...place, settings: settings(place) };
    return new OwnKafka(options, await startKafka(options), logFile(home, 'kafka'));
  }

  get brokers(): string {
    return this.running.brokers;
  }

  /** What it has said of late, without the stacks of its exceptions. */
  lastWords(): string {
    const lines = readFileSync(this.log, 'utf8').split('\n');
    return ['', 'Kafka has said:', ...lines.filter((line) => !/^\s+at /.test(line)).slice(-120)].join('\n');
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
