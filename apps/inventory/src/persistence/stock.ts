import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import type { Line } from '../domain/reservation.rules.js';
import { OnHandBelowReserved } from '../domain/product.errors.js';

const SET_ON_HAND = `INSERT INTO stock (sku, on_hand) VALUES ($1, $2)
  ON CONFLICT (sku) DO UPDATE SET on_hand = excluded.on_hand WHERE stock.reserved <= excluded.on_hand
  RETURNING sku`;
// Always in the order of the skus: two orders that share several products then queue up instead of deadlocking.
const LOCK = {
  name: 'inventory.lock-stock',
  text: 'SELECT sku, on_hand - reserved AS available FROM stock WHERE sku = ANY ($1::text[]) ORDER BY sku FOR UPDATE',
};
const SET_ASIDE = {
  name: 'inventory.set-aside',
  text: `UPDATE stock SET reserved = reserved + line.quantity
    FROM unnest($1::text[], $2::int[]) AS line (sku, quantity) WHERE stock.sku = line.sku`,
};
const GIVE_BACK = {
  name: 'inventory.give-back',
  text: `UPDATE stock SET reserved = reserved - line.quantity
    FROM unnest($1::text[], $2::int[]) AS line (sku, quantity) WHERE stock.sku = line.sku`,
};

const TAKE_AWAY = {
  name: 'inventory.take-away',
  text: `UPDATE stock SET on_hand = on_hand - line.quantity, reserved = reserved - line.quantity, shipped = shipped + line.quantity
    FROM unnest($1::text[], $2::int[]) AS line (sku, quantity) WHERE stock.sku = line.sku`,
};

/** How much there is of everything. The table's own checks refuse to go below zero, whatever the code does. */
@Injectable()
export class Stock {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** What is physically there. Throws OnHandBelowReserved. */
  async setOnHand(sku: string, onHand: number): Promise<void> {
    const rows = await this.unitOfWork.query(SET_ON_HAND, [sku, onHand]);
    if (rows.length === 0) throw new OnHandBelowReserved();
  }

  /** What is free of each sku that we know; nobody else can take it until this transaction ends. */
  async lockAvailable(skus: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { rows } = await this.unitOfWork.current.query<{ sku: string; available: number }>({ ...LOCK, values: [skus] });
    return new Map(rows.map(({ sku, available }) => [sku, available]));
  }

  /** Only of lines that `lockAvailable` has locked. */
  setAside(lines: readonly Line[]): void {
    this.unitOfWork.write({ ...SET_ASIDE, values: columns(lines) });
  }

  /** Only of lines that `lockAvailable` has locked. */
  giveBack(lines: readonly Line[]): void {
    this.unitOfWork.write({ ...GIVE_BACK, values: columns(lines) });
  }

  /** What was set aside has left the house. Only of lines that `lockAvailable` has locked. */
  takeAway(lines: readonly Line[]): void {
    this.unitOfWork.write({ ...TAKE_AWAY, values: columns(lines) });
  }
}

function columns(lines: readonly Line[]): [string[], number[]] {
  return [lines.map(({ sku }) => sku), lines.map(({ quantity }) => quantity)];
}
