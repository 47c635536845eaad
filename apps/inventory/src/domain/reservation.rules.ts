import type { Decider } from '@nestbox/kernel';

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

export interface Shortage {
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
}

/** Why an order is undone. */
export type Reason = 'customer' | 'stock' | 'payment' | 'shipping' | 'timeout';

export type ReservationCommand =
  /** `available` by sku; a missing sku has none. */
  | { readonly type: 'Reserve'; readonly lines: readonly Line[]; readonly available: ReadonlyMap<string, number> }
  | { readonly type: 'Release'; readonly reason: Reason }
  | { readonly type: 'Ship' };

export type ReservationFact =
  | { readonly type: 'Reserved'; readonly lines: readonly Line[] }
  | { readonly type: 'Rejected'; readonly shortages: readonly Shortage[] }
  | { readonly type: 'Released'; readonly lines: readonly Line[] }
  /** Cancelled before anything was reserved: a later reservation must do nothing. */
  | { readonly type: 'Forgone'; readonly reason: Reason }
  /** The goods were shipped. */
  | { readonly type: 'Shipped' };

export type ReservationStatus = 'open' | 'reserved' | 'rejected' | 'released' | 'forgone' | 'shipped';

export interface ReservationState {
  readonly status: ReservationStatus;
  readonly lines: readonly Line[];
}

/** Reserves all lines or none, once. Late and repeated commands have no effect. */
export const reservationRules: Decider<ReservationCommand, ReservationState, ReservationFact> = {
  initial: { status: 'open', lines: [] },

  decide(command, { status, lines }) {
    if (command.type === 'Release') {
      if (status === 'reserved') return [{ type: 'Released', lines }];
      return status === 'open' ? [{ type: 'Forgone', reason: command.reason }] : [];
    }
    if (command.type === 'Ship') return status === 'reserved' ? [{ type: 'Shipped' }] : [];
    if (status !== 'open') return [];
    const shortages = shortagesIn(command.lines, command.available);
    return shortages.length > 0 ? [{ type: 'Rejected', shortages }] : [{ type: 'Reserved', lines: command.lines }];
  },

  evolve(state, fact) {
    switch (fact.type) {
      case 'Reserved':
        return { status: 'reserved', lines: fact.lines };
      case 'Rejected':
        return { ...state, status: 'rejected' };
      case 'Released':
        return { ...state, status: 'released' };
      case 'Forgone':
        return { ...state, status: 'forgone' };
      case 'Shipped':
        return { ...state, status: 'shipped' };
    }
  },
};

function shortagesIn(lines: readonly Line[], available: ReadonlyMap<string, number>): Shortage[] {
  return lines
    .map(({ sku, quantity }) => ({ sku, requested: quantity, available: available.get(sku) ?? 0 }))
    .filter((line) => line.requested > line.available);
}
