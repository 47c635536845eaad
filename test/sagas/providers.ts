import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scratchDatabase } from '@nestbox/database/testing';
import { DataSource } from 'typeorm';
import { HttpCardGateway } from '../../apps/payments/src/adapters/http.card-gateway.js';
import { SandboxCardGateway } from '../../apps/payments/src/adapters/sandbox.card-gateway.js';
import type { CardGateway } from '../../apps/payments/src/domain/card-gateway.js';
import type { SandboxBehaviour } from '../../apps/payments/src/domain/sandbox.js';
import { migrations } from '../../apps/payments/src/persistence/migrations/index.js';

export interface ProviderUnderTest {
  readonly gateway: CardGateway;
  behave(behaviour: SandboxBehaviour): Promise<void>;
  /** What has moved in all, at the provider. */
  moved(): Promise<{ chargedCents: number; refundedCents: number }>;
  stop(): Promise<void>;
}

const MOVED = `SELECT (SELECT coalesce(sum(amount_cents), 0)::int FROM sandbox_charges WHERE declined IS NULL) AS "chargedCents",
  (SELECT coalesce(sum(amount_cents), 0)::int FROM sandbox_refunds) AS "refundedCents"`;

export async function sandbox(): Promise<ProviderUnderTest & { gateway: SandboxCardGateway }> {
  const database = await scratchDatabase(migrations);
  const dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  const gateway = new SandboxCardGateway(dataSource);
  return {
    gateway,
    behave: (behaviour) => gateway.behave(behaviour),
    moved: async () => (await dataSource.query(MOVED))[0],
    stop: async () => {
      await dataSource.destroy();
      await database.drop();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, never>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** The sandbox as a provider somewhere else: an answer that is lost is a connection that breaks. */
export async function behindHttp(secret = 'the-secret'): Promise<ProviderUnderTest> {
  const provider = await sandbox();
  const server = createServer(async (request, response) => {
    const key = String(request.headers['idempotency-key']);
    const body = await bodyOf(request);
    const answer = (status: number, content: object) => response.writeHead(status).end(JSON.stringify(content));
    if (request.headers.authorization !== 'Bearer the-secret') return void answer(401, {});
    try {
      if (request.url === '/v1/refunds') {
        await provider.gateway.refund({ ...(body as { chargeKey: never }), key });
        return void answer(200, {});
      }
      const outcome = await provider.gateway.charge({ ...(body as { cardToken: never; amountCents: never }), key });
      answer(outcome.kind === 'charged' ? 200 : 402, outcome);
    } catch {
      request.socket.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`;
  return {
    ...provider,
    gateway: new HttpCardGateway({ url, secret }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await provider.stop();
    },
  };
}
