import { WELL_BEHAVED } from '../../apps/payments/src/domain/sandbox.js';
import { behindHttp, sandbox } from './providers.js';
import type { ProviderUnderTest } from './providers.js';

const providers: [string, () => Promise<ProviderUnderTest>][] = [
  ['the sandbox', sandbox],
  ['a provider behind HTTP', behindHttp],
];

/** What every adapter of the port must do. */
describe.each(providers)('%s as a card gateway', (_name, open) => {
  let provider: ProviderUnderTest;
  beforeAll(async () => void (provider = await open()));
  afterAll(() => provider?.stop());
  beforeEach(() => provider.behave(WELL_BEHAVED));

  const charge = (key: string, amountCents = 1250, cardToken = 'card-visa-4242') =>
    provider.gateway.charge({ key, cardToken, amountCents });
  const movedBy = async (work: () => Promise<unknown>) => {
    const before = await provider.moved();
    await work();
    const after = await provider.moved();
    return [after.chargedCents - before.chargedCents, after.refundedCents - before.refundedCents];
  };

  it('charges once for a key, however often and however much at once it is asked', async () => {
    const moved = await movedBy(async () => {
      const answers = await Promise.all(Array.from({ length: 5 }, () => charge('order-1:capture')));
      expect(answers).toEqual(Array(5).fill({ kind: 'charged' }));
      expect(await charge('order-1:capture')).toEqual({ kind: 'charged' });
    });
    expect(moved).toEqual([1250, 0]);
  });

  it('declines by card and by amount, says why, and stays with that', async () => {
    await provider.behave({ ...WELL_BEHAVED, declinedCards: ['card-stolen'], declineAboveCents: 5_000 });
    const moved = await movedBy(async () => {
      expect(await charge('order-2:capture', 1250, 'card-stolen')).toEqual({ kind: 'declined', reason: 'card_declined' });
      expect(await charge('order-3:capture', 5_001)).toEqual({ kind: 'declined', reason: 'amount_too_high' });
      await provider.behave(WELL_BEHAVED);
      expect(await charge('order-2:capture', 1250, 'card-stolen')).toEqual({ kind: 'declined', reason: 'card_declined' });
    });
    expect(moved).toEqual([0, 0]);
  });

  it('does not take a key for another charge', async () => {
    await charge('order-4:capture');
    const moved = await movedBy(async () => expect(await charge('order-4:capture', 9_900)).toMatchObject({ kind: 'declined' }));
    expect(moved).toEqual([0, 0]);
  });

  it('leaves it unclear when the answer is lost after the money has moved, and the key finds it out', async () => {
    await provider.behave({ ...WELL_BEHAVED, lostAnswers: 1 });
    const moved = await movedBy(async () => {
      await expect(charge('order-5:capture')).rejects.toMatchObject({ name: 'GatewayUnclear' });
      await provider.behave(WELL_BEHAVED);
      expect(await charge('order-5:capture')).toEqual({ kind: 'charged' });
    });
    expect(moved).toEqual([1250, 0]);
  });

  it('gives a charge back once, also when an answer to that was lost', async () => {
    await charge('order-6:capture');
    await provider.behave({ ...WELL_BEHAVED, lostAnswers: 1 });
    const refund = () => provider.gateway.refund({ key: 'order-6:refund', chargeKey: 'order-6:capture' });
    const moved = await movedBy(async () => {
      await expect(refund()).rejects.toMatchObject({ name: 'GatewayUnclear' });
      await provider.behave(WELL_BEHAVED);
      await refund();
      await refund();
    });
    expect(moved).toEqual([0, 1250]);
  });

  it('has nothing to give back for a charge that there never was, or that was declined', async () => {
    await provider.behave({ ...WELL_BEHAVED, declinedCards: ['card-stolen'] });
    await charge('order-7:capture', 1250, 'card-stolen');
    const moved = await movedBy(async () => {
      await provider.gateway.refund({ key: 'order-7:refund', chargeKey: 'order-7:capture' });
      await provider.gateway.refund({ key: 'order-8:refund', chargeKey: 'order-8:capture' });
    });
    expect(moved).toEqual([0, 0]);
  });
});

describe('a provider behind HTTP', () => {
  it('is unclear, not declined, when it refuses our secret', async () => {
    const provider = await behindHttp('another-secret');
    const charge = { key: 'order-9:capture', cardToken: 'card-visa-4242', amountCents: 1 };
    await expect(provider.gateway.charge(charge)).rejects.toThrow('the provider answered 401');
    await provider.stop();
  });
});
