import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { eventually } from '@nestbox/eventing/testing';
import { closeDatabase, pauseBroker, stopBroker } from '../../support/faults.js';
import type { Stage } from '../stage.js';
import { contexts, hold, holdUntilMet, LONGER_THAN_A_SESSION, publishers } from './fault.js';
import type { Fault } from './fault.js';

function backends(kind: Pick<Fault, 'kind' | 'about' | 'targets' | 'holds' | 'alone' | 'often'>, whose: (target: string) => string[] | undefined): Fault {
  return {
    ...kind,
    async inject({ shop, signal }, { target, holdSeconds }) {
      let ended = 0;
      for (let round = 0; round < holdSeconds * 2 && !signal.aborted; round++) {
        ended += await shop.databases.terminateBackends(whose(target));
        await pause(500);
      }
      return { fired: ended > 0, seen: `${ended} connections were ended` };
    },
  };
}

const connectionsOfAll = backends(
  { kind: 'connections-ended', about: 'PostgreSQL ends every connection of the shop, twice a second', targets: ['everybody'], holds: [3, 6], alone: true },
  () => undefined,
);

const connectionsOfOne = backends(
  { kind: 'app-disconnected', about: 'PostgreSQL ends every connection to the database of one app, twice a second', targets: contexts, holds: [1, 3], often: 6 },
  (app) => [app],
);

const crash: Fault = {
  kind: 'postgres-killed',
  about: 'PostgreSQL is shut down at once, without a checkpoint, and recovers',
  targets: ['everybody'],
  holds: [1, 4],
  alone: true,
  async inject(stage, step) {
    await stage.postgres.kill();
    const refused = await stage.shop.query('checkout', 'SELECT 1').then(() => false, () => true);
    await hold(stage, step);
    await stage.postgres.start();
    await eventually(() => stage.shop.query('checkout', 'SELECT 1'), { timeoutMs: 20_000 });
    return { fired: refused, seen: refused ? 'it took no connection' : 'it went on answering' };
  },
};

const locked: Fault = {
  kind: 'table-locked',
  about: 'somebody holds the inbox of an app, or its outbox, against everybody',
  targets: [...contexts.map((context) => `${context} inbox`), ...publishers.map((context) => `${context} outbox`)],
  holds: [2, 5],
  often: 6,
  async inject(stage, step) {
    const [context, table] = step.target.split(' ') as [string, string];
    const session = await stage.shop.databases.session(context);
    try {
      await session.query(`BEGIN; LOCK TABLE nestbox.${table} IN ACCESS EXCLUSIVE MODE`);
      const waiting = 'SELECT FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())';
      const met = await holdUntilMet(stage, step, async () => (await session.query(waiting)).rowCount ?? 0);
      await session.query('COMMIT');
      return { fired: met > 0, seen: `${met} waited for the lock` };
    } finally {
      session.release();
    }
  },
};

/** More than PostgreSQL gives to all. */
const TOO_MANY = 450;

const exhausted: Fault = {
  kind: 'connections-exhausted',
  about: 'somebody takes all connections that PostgreSQL has, and those of an app are ended',
  targets: contexts,
  holds: [2, 4],
  alone: true,
  async inject(stage, step) {
    const greedy: pg.Client[] = [];
    let refusal = '';
    try {
      while (greedy.length < TOO_MANY && refusal === '') refusal = await takeConnections(stage, greedy);
      await stage.shop.databases.terminateBackends([step.target]).catch(() => undefined);
      refusal ||= await takeConnections(stage, greedy);
      await hold(stage, step);
    } finally {
      await Promise.all(greedy.map((client) => client.end().catch(() => undefined)));
    }
    return { fired: refusal !== '', seen: `${greedy.length} connections were taken: ${refusal || 'and there were more'}` };
  },
};

/** @returns why there are no more; empty when there may be */
async function takeConnections({ shop }: Stage, greedy: pg.Client[]): Promise<string> {
  const connections = Array.from({ length: 25 }, async () => {
    const client = new pg.Client({ connectionString: shop.databases.urlOf('keys'), application_name: 'greedy' });
    client.on('error', () => undefined);
    await client.connect();
    greedy.push(client);
  });
  const failed = (await Promise.allSettled(connections)).find(({ status }) => status === 'rejected');
  return failed ? ((failed as PromiseRejectedResult).reason as Error).message : '';
}

const brokerAway: Fault = {
  kind: 'broker-away',
  about: 'Kafka is killed and comes back; the embedded log’s database is closed to everybody',
  targets: ['everybody'],
  holds: [3, 8],
  alone: true,
  async inject(stage, step) {
    const { wasThere, bringBack } = await stopBroker(stage.shop);
    await hold(stage, step);
    await bringBack();
    return { fired: wasThere, seen: wasThere ? 'it was there and was taken away' : 'there was nothing to take away' };
  },
};

const brokerPaused: Fault = {
  kind: 'broker-paused',
  about: 'Kafka, or every process of PostgreSQL that serves the embedded log, is stopped for longer than a session',
  targets: ['everybody'],
  holds: LONGER_THAN_A_SESSION,
  alone: true,
  async inject(stage, step) {
    const { resume } = await pauseBroker(stage.shop);
    await hold(stage, step);
    const stopped = resume();
    return { fired: stopped > 0, seen: `${stopped} processes stood still` };
  },
};

const databaseAway: Fault = {
  kind: 'database-away',
  about: 'the database of one app is closed to everybody, and its connections are ended',
  targets: contexts,
  holds: [2, 5],
  often: 6,
  async inject(stage, step) {
    const { ended, open } = await closeDatabase(stage.shop.databases, step.target);
    await hold(stage, step);
    await open();
    return { fired: ended > 0, seen: `${ended} connections were ended` };
  },
};

const mailAway: Fault = {
  kind: 'mail-server-away',
  about: 'the mail server is switched off',
  targets: ['email'],
  holds: [3, 8],
  async inject(stage, step) {
    const { mailbox } = stage.shop;
    await mailbox.close();
    const waiting = async () => (await stage.shop.query('email', 'SELECT FROM mails WHERE sent_at IS NULL')).length;
    const letters = await holdUntilMet(stage, step, waiting);
    await mailbox.open();
    return { fired: letters > 0, seen: `${letters} letters waited` };
  },
};

export const serverFaults: readonly Fault[] = [connectionsOfAll, connectionsOfOne, crash, locked, exhausted, databaseAway, brokerAway, brokerPaused, mailAway];
