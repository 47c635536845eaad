import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { CardGateway, GatewayUnclear } from '../domain/card-gateway.js';
import type { Charge, ChargeOutcome, Refund } from '../domain/card-gateway.js';
import { WELL_BEHAVED } from '../domain/sandbox.js';
import type { SandboxBehaviour } from '../domain/sandbox.js';

const CHARGE = `INSERT INTO sandbox_charges (key, card_token, amount_cents, declined) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`;
const RECALL = `SELECT declined, card_token = $2 AND amount_cents = $3 AS same FROM sandbox_charges WHERE key = $1`;
const REFUND = `INSERT INTO sandbox_refunds (key, charge_key, amount_cents)
  SELECT $1, key, amount_cents FROM sandbox_charges WHERE key = $2 AND declined IS NULL ON CONFLICT DO NOTHING`;
const BEHAVE = `INSERT INTO sandbox_behaviour (behaviour) VALUES ($1) ON CONFLICT (one) DO UPDATE SET behaviour = excluded.behaviour`;

/**
 * Behaves like a provider, but moves no money. Commits its books separately from the app's units of work: a charge survives
 * when the app is killed before it gets the answer.
 */
export class SandboxCardGateway extends CardGateway {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  override async charge({ key, cardToken, amountCents }: Charge): Promise<ChargeOutcome> {
    const behaviour = await this.behaviour();
    const declined = reasonToDecline(behaviour, cardToken, amountCents);
    await this.dataSource.query(CHARGE, [key, cardToken, amountCents, declined ?? null]);
    const [stood]: { declined: string | null; same: boolean }[] = await this.dataSource.query(RECALL, [key, cardToken, amountCents]);
    await answer(behaviour);
    if (!stood!.same) return { kind: 'declined', reason: 'key_reused_for_another_charge' };
    return stood!.declined === null ? { kind: 'charged' } : { kind: 'declined', reason: stood!.declined };
  }

  override async refund({ key, chargeKey }: Refund): Promise<void> {
    const behaviour = await this.behaviour();
    await this.dataSource.query(REFUND, [key, chargeKey]);
    await answer(behaviour);
  }

  async behaviour(): Promise<SandboxBehaviour> {
    const [row]: { behaviour: SandboxBehaviour }[] = await this.dataSource.query('SELECT behaviour FROM sandbox_behaviour');
    return row?.behaviour ?? WELL_BEHAVED;
  }

  async behave(behaviour: SandboxBehaviour): Promise<void> {
    await this.dataSource.query(BEHAVE, [JSON.stringify(behaviour)]);
  }
}

function reasonToDecline(behaviour: SandboxBehaviour, cardToken: string, amountCents: number): string | undefined {
  const { declinedCards, declineAboveCents } = behaviour;
  if (declinedCards.includes(cardToken)) return 'card_declined';
  return declineAboveCents !== null && amountCents > declineAboveCents ? 'amount_too_high' : undefined;
}

async function answer({ answerAfterMs, lostAnswers }: SandboxBehaviour): Promise<void> {
  if (answerAfterMs > 0) await pause(answerAfterMs);
  if (Math.random() < lostAnswers) throw new GatewayUnclear('the answer was lost');
}
