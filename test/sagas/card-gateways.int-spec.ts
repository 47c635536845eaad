import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scratchDatabase } from '@nestbox/database/testing';
import { DataSource } from 'typeorm';
import { HttpCardGateway } from '../../apps/payments/src/adapters/http.card-gateway.js';
import { SandboxCardGateway } from '../../apps/payments/src/adapters/sandbox.card-gateway.js';
import { migrations } from '../../apps/payments/src/persistence/migrations/index.js';
import { cardGatewayContract } from './card-gateway.contract.js';
import type { ProviderUnderTest } from './card-gateway.contract.js';

const MOVED = `SELECT (SELECT coalesce(sum(amount_cents), 0)::int FROM sandbox_charges WHERE declined IS NULL) AS "chargedCents",
  (SELECT coalesce(sum(amount_cents), 0)::int FROM sandbox_refunds) AS "refundedCents"`;

async function sandbox(): Promise<ProviderUnderTest & { gateway: SandboxCardGateway }> {
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
async function behindHttp(): Promise<ProviderUnderTest> {
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
    gateway: new HttpCardGateway({ url, secret: 'the-secret' }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await provider.stop();
    },
  };
}

describe('the sandbox as a card gateway', () => cardGatewayContract(sandbox));
describe('a provider behind HTTP as a card gateway', () => {
  cardGatewayContract(behindHttp);

  it('is unclear, not declined, when it refuses our secret', async () => {
    const provider = await behindHttp();
    const { gateway } = provider;
    const stranger = new HttpCardGateway({ ...(gateway as unknown as { access: { url: string } }).access, secret: 'another' });
    await expect(stranger.charge({ key: 'k', cardToken: 'c', amountCents: 1 })).rejects.toThrow('the provider answered 401');
    await provider.stop();
  });
});
