import { readFileSync } from 'node:fs';
import { adopt, identityOf } from './adopted.js';
import type { Identity } from './adopted.js';
import { freePorts } from './free-ports.js';
import { tools } from './tools.js';
import type { Ended, KafkaPlace, RunningProcess } from './tools.js';

/** What is needed to go on with a Kafka that somebody else has started. */
export interface KafkaHandedOn {
  readonly place: KafkaPlace;
  readonly process: Identity;
}

/** A Kafka that nobody else uses: it may be killed and comes back on the same port with the same data. */
export class OwnKafka {
  private constructor(
    private readonly options: KafkaPlace & { settings: Record<string, string> },
    private running: Pick<RunningProcess, 'child' | 'ended' | 'stop'>,
    private readonly log: string,
  ) {}

  /** `settings`: further lines of server.properties. */
  static async start(home: string, settings: (place: KafkaPlace) => Record<string, string> = () => ({})): Promise<OwnKafka> {
    const [port, controllerPort] = (await freePorts(2)) as [number, number];
    const { logFile } = await tools();
    const place = { home, port, controllerPort };
    const options = { ...place, settings: settings(place) };
    return new OwnKafka(options, await launch(options), logFile(home, 'kafka'));
  }

  static async adopt({ place, process }: KafkaHandedOn): Promise<OwnKafka> {
    const { logFile } = await tools();
    return new OwnKafka({ ...place, settings: {} }, await adopt(process), logFile(place.home, 'kafka'));
  }

  async handOn(): Promise<KafkaHandedOn> {
    const { home, port, controllerPort } = this.options;
    this.running.child.unref();
    return { place: { home, port, controllerPort }, process: await identityOf(this.pid) };
  }

  get pid(): number {
    return this.running.child.pid!;
  }

  get place(): KafkaPlace {
    return this.options;
  }

  /** Further lines of server.properties, from the next start on. */
  configure(settings: Readonly<Record<string, string>>): void {
    Object.assign(this.options.settings, settings);
  }

  get brokers(): string {
    return `127.0.0.1:${this.options.port}`;
  }

  /** What it has said of late, without the stacks of its exceptions. */
  lastWords(): string {
    const lines = readFileSync(this.log, 'utf8').split('\n');
    return ['', 'Kafka has said:', ...lines.filter((line) => !/^\s+at /.test(line)).slice(-120)].join('\n');
  }

  async kill(): Promise<Ended> {
    this.running.child.kill('SIGKILL');
    return this.running.ended;
  }

  async restart(): Promise<void> {
    this.running = await launch(this.options);
  }

  /** Its data is thrown away afterwards: there is nothing to shut down in good order. */
  async stop(): Promise<void> {
    await this.running.stop();
  }
}

async function launch(options: KafkaPlace & { settings: Record<string, string> }): Promise<Pick<RunningProcess, 'child' | 'ended' | 'stop'>> {
  const { startKafka } = await tools();
  const { pid, ended, stop, unref } = await startKafka(options);
  return { child: { pid, unref, kill: (signal) => process.kill(pid, signal) }, ended, stop };
}
