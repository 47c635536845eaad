import { spawnSync } from 'node:child_process';

export type BrokerKind = 'postgres' | 'kafka';

export const names: Record<BrokerKind, string> = { postgres: 'the embedded log', kafka: 'Apache Kafka' };

/** These suites stop and restart their Kafka, so they run one of their own, wherever Kafka is tested at all. */
function whyNotKafka(): string | undefined {
  if (!process.env.KAFKA_BROKERS) return 'KAFKA_BROKERS is not set';
  if (process.env.REQUIRE_KAFKA === '1') return undefined;
  return spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0 ? undefined : 'a Kafka to shoot at needs Java';
}

const reason = whyNotKafka();
const exercised: readonly [string, BrokerKind][] = [
  [names.postgres, 'postgres'],
  ...(reason === undefined ? [[names.kafka, 'kafka'] as [string, BrokerKind]] : []),
];

/** A suite that holds on both brokers; without Kafka its second half is skipped, saying why. */
export function describeOnEachBroker(title: string, suite: (kind: BrokerKind) => void): void {
  describe.each(exercised)(`${title}, on %s`, (_name, kind) => suite(kind));
  if (reason !== undefined) describeKafkaSkipped(title);
}

/** A suite about Kafka itself. */
export function describeOnKafka(title: string, suite: () => void): void {
  if (reason === undefined) describe(title, suite);
  else describeKafkaSkipped(title);
}

function describeKafkaSkipped(title: string): void {
  process.stderr.write(`Skipped: ${title}, on ${names.kafka}: ${reason}\n`);
  describe.skip(`${title}, on ${names.kafka}: ${reason}`, () => {
    it('needs a broker', () => undefined);
  });
}
