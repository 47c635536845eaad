import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import type { Line } from '../domain/reservation.rules.js';
import { OnHandBelowReserved } from '../domain/product.errors.js';

const SET_ON_HAND = `INSERT INTO stock (sku, on_hand) VALUES ($1, $2)
  ON CONFLICT (sku) DO UPDATE SET on_hand = excluded.on_hand WHERE stock.reserved <= excluded.on_hand
  RETURNING sku`;
// Always in the order of the skus, so that two orders with the same products cannot deadlock.
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

/** Quantities of all products. CHECK constraints of the table keep them from going below zero. */
@Injectable()
export class Stock {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Sets the physical quantity. Throws OnHandBelowReserved. */
  async setOnHand(sku: string, onHand: number): Promise<void> {
    const rows = await this.unitOfWork.query(SET_ON_HAND, [sku, onHand]);
    if (rows.length === 0) throw new OnHandBelowReserved();
  }

  /** Locks the known skus until the transaction ends, and returns their available quantities. */
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

  /** The reserved goods were shipped. Only for lines that `lockAvailable` has locked. */
  takeAway(lines: readonly Line[]): void {
    this.unitOfWork.write({ ...TAKE_AWAY, values: columns(lines) });
  }
}

function columns(lines: readonly Line[]): [string[], number[]] {
  return [lines.map(({ sku }) => sku), lines.map(({ quantity }) => quantity)];
}
