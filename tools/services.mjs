import { parseArgs } from 'node:util';
import { startPostgres } from './embedded-postgres.mjs';
import { Fault, report } from './fault.mjs';
import { nestboxHome } from './home.mjs';
import { startKafka } from './local-kafka.mjs';
import { lockHome } from './lock.mjs';
import { portBase, portsFrom } from './ports.mjs';
import { stopLeftovers } from './processes.mjs';

const usage = 'usage: node tools/services.mjs up [postgres] [kafka] [--port-base N] [--home DIR] [--fast]';

/** Infrastructure alone, in the foreground until Ctrl-C: for running single tests and apps by hand. */
async function main() {
  const { wanted, base, ports, home, durable } = readArguments();
  const release = lockHome(home, base);
  const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);
  await stopLeftovers(home);
  /** @type {{ ended: Promise<unknown>, stop(): Promise<void> }[]} */
  const running = [];
  const stopAll = async () => {
    for (const service of running.reverse()) await service.stop();
  };
  const interrupted = new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  try {
    if (wanted.has('postgres')) {
      const postgres = await startPostgres({ home, port: ports.postgres, durable });
      running.push(postgres);
      console.log(`TEST_DATABASE_URL=${postgres.url}`);
    }
    if (wanted.has('kafka')) {
      const kafka = await startKafka({ home, port: ports.kafka, controllerPort: ports.kafkaController, say });
      running.push(kafka);
      console.log(`KAFKA_BROKERS=${kafka.brokers}`);
    }
    say('ready; Ctrl-C stops');
    await Promise.race([interrupted, ...running.map((service) => service.ended)]);
  } finally {
    await stopAll();
    release();
  }
}

function readArguments() {
  const known = {
    'port-base': { type: /** @type {const} */ ('string') },
    home: { type: /** @type {const} */ ('string') },
    fast: { type: /** @type {const} */ ('boolean'), default: false },
  };
  let parsed;
  try {
    parsed = parseArgs({ allowPositionals: true, options: known });
  } catch (error) {
    throw new Fault(`${/** @type {Error} */ (error).message}; ${usage}`, 2);
  }
  const [verb, ...names] = parsed.positionals;
  const stranger = names.find((name) => name !== 'postgres' && name !== 'kafka');
  if (verb !== 'up' || names.length === 0 || stranger) throw new Fault(usage, 2);
  const base = portBase(parsed.values['port-base'] ?? process.env.PORT_BASE);
  return {
    wanted: new Set(names),
    base,
    ports: portsFrom(base),
    home: nestboxHome(parsed.values.home ?? process.env.NESTBOX_HOME),
    durable: !parsed.values.fast,
  };
}

process.exitCode = await main().then(() => 0, report);
