import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

interface Options extends KafkaPlace {
  readonly settings: Record<string, string>;
  readonly clusterId?: string;
}

/** A Kafka that nobody else uses: it may be killed and comes back on the same port with the same data. */
export class OwnKafka {
  private constructor(
    private readonly options: Options,
    private running: Pick<RunningProcess, 'child' | 'ended' | 'stop'>,
    private readonly log: string,
  ) {}

  /** `settings`: further lines of server.properties. */
  static async start(home: string, settings: (place: KafkaPlace) => Record<string, string> = () => ({}), clusterId?: string): Promise<OwnKafka> {
    const [port, controllerPort] = (await freePorts(2)) as [number, number];
    const { logFile } = await tools();
    const place = { home, port, controllerPort };
    const options = { ...place, settings: settings(place), clusterId };
    return new OwnKafka(options, await launch(options), logFile(home, 'kafka'));
  }

  /** One more broker of this one's cluster, without a controller. */
  async addNode(home: string): Promise<OwnKafka> {
    const { clusterId } = this;
    const settings = ({ port }: KafkaPlace) => ({
      'process.roles': 'broker',
      'node.id': '2',
      'controller.quorum.voters': `1@127.0.0.1:${this.options.controllerPort}`,
      listeners: `PLAINTEXT://127.0.0.1:${port}`,
    });
    return OwnKafka.start(home, settings, clusterId);
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

  get pid(): number {
    return this.running.child.pid!;
  }

  get clusterId(): string {
    return /^cluster.id=(.*)$/m.exec(readFileSync(join(this.options.home, 'kafka', 'data', 'meta.properties'), 'utf8'))![1]!;
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

async function launch(options: Options): Promise<Pick<RunningProcess, 'child' | 'ended' | 'stop'>> {
  const { startKafka } = await tools();
  const { pid, ended, stop, unref } = await startKafka(options);
  return { child: { pid, unref, kill: (signal) => process.kill(pid, signal) }, ended, stop };
}
