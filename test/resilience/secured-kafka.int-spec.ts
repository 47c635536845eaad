import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBroker } from '@nestbox/eventing';
import type { Broker, BrokerRecord } from '@nestbox/eventing';
import { eventually } from '@nestbox/eventing/testing';
import { describeOnKafka } from '../support/brokers.js';
import { OwnKafka } from '../support/own-kafka.js';
import { tools } from '../support/tools.js';
import type { KafkaPlace } from '../support/tools.js';

const KEYSTORE_PASSWORD = 'of-a-keystore';
const topic = 'checkout.orders';

/** A key and the certificate of 127.0.0.1 that it signed itself. */
function certify(home: string): { keystore: string; certificate: string } {
  const keystore = join(home, 'kafka.p12');
  const store = ['-keystore', keystore, '-storepass', KEYSTORE_PASSWORD, '-alias', 'kafka'];
  const subject = ['-dname', 'CN=127.0.0.1', '-ext', 'san=ip:127.0.0.1', '-keyalg', 'RSA', '-validity', '2'];
  execFileSync('keytool', ['-genkeypair', ...store, ...subject, '-storetype', 'PKCS12'], { stdio: 'ignore' });
  const certificate = join(home, 'kafka.pem');
  execFileSync('keytool', ['-exportcert', '-rfc', ...store, '-file', certificate], { stdio: 'ignore' });
  return { keystore, certificate: readFileSync(certificate, 'utf8') };
}

function secured(keystore: string, { port, controllerPort }: KafkaPlace): Record<string, string> {
  const users = 'username="kafka" password="itself" user_kafka="itself" user_checkout="the-password"';
  return {
    listeners: `SASL_SSL://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `SASL_SSL://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'SASL_SSL',
    'sasl.enabled.mechanisms': 'PLAIN',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required ${users};`,
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': keystore,
    'ssl.keystore.password': KEYSTORE_PASSWORD,
    'ssl.truststore.type': 'PKCS12',
    'ssl.truststore.location': keystore,
    'ssl.truststore.password': KEYSTORE_PASSWORD,
  };
}

describeOnKafka('a Kafka behind TLS that asks who is there', () => {
  let kafka: OwnKafka;
  let ca: string;
  let removeHome: () => void;
  const open: Broker[] = [];

  beforeAll(async () => {
    const { temporaryHome } = await tools();
    const { home, remove } = await temporaryHome();
    removeHome = remove;
    const { keystore, certificate } = certify(home);
    ca = certificate;
    kafka = await OwnKafka.start(home, (place) => secured(keystore, place));
  }, 120_000);
  afterAll(async () => {
    await Promise.all(open.map((broker) => broker.close()));
    await kafka?.stop();
    removeHome?.();
  }, 60_000);

  const asCheckout = async (password: string, trusted: string | undefined = ca) => {
    const sasl = { mechanism: 'plain', username: 'checkout', password } as const;
    const broker = await createBroker({ kind: 'kafka', brokers: [kafka.brokers], ssl: { ca: trusted }, sasl }, 'checkout');
    open.push(broker);
    return broker;
  };

  it('is written to and read by whoever knows the password', async () => {
    const broker = await asCheckout('the-password');
    expect(await broker.problem()).toBeUndefined();
    await broker.ensureTopics([{ name: topic, partitions: 1 }]);
    await broker.publish([{ topic, key: 'order-1', value: Buffer.from('placed'), headers: {} }]);
    const read: BrokerRecord[] = [];
    await broker.subscribe({
      group: 'email',
      topics: [topic],
      handler: async ({ records }) => {
        read.push(...records);
      },
    });
    await eventually(() => expect(read.map(({ key, value }) => `${key} ${value}`)).toEqual(['order-1 placed']), { timeoutMs: 30_000 });
  });

  it('lets nobody in with another password, and says so', async () => {
    expect(await (await asCheckout('a-guess')).problem()).toMatch(/authenticat/i);
  });

  it('is not talked to while its certificate is not trusted', async () => {
    expect(await (await asCheckout('the-password', '')).problem()).toMatch(/certificate/i);
  });
});
