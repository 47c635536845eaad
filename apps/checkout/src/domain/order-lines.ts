import { OrderTotalTooHigh, QuantityTooHigh, UnknownSku } from './order.errors.js';

export interface WantedLine {
  readonly sku: string;
  readonly quantity: number;
}

export interface OrderLine extends WantedLine {
  readonly unitPriceCents: number;
}

export const MOST_OF_ONE_SKU = 10_000;
/** Ten billion units of currency: far above any order, and exact in a double. */
export const HIGHEST_TOTAL_CENTS = 1_000_000_000_000;

/** One priced line per sku, in the order of first appearance. */
export function priceLines(wanted: readonly WantedLine[], prices: ReadonlyMap<string, number>): OrderLine[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of wanted) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  const unknown = [...quantities.keys()].filter((sku) => !prices.has(sku));
  if (unknown.length > 0) throw new UnknownSku(unknown);
  return [...quantities].map(([sku, quantity]) => {
    if (quantity > MOST_OF_ONE_SKU) throw new QuantityTooHigh(sku, MOST_OF_ONE_SKU);
    return { sku, quantity, unitPriceCents: prices.get(sku)! };
  });
}

export function totalOf(lines: readonly OrderLine[]): number {
  const total = lines.reduce((sum, { quantity, unitPriceCents }) => sum + quantity * unitPriceCents, 0);
  if (total > HIGHEST_TOTAL_CENTS) throw new OrderTotalTooHigh(HIGHEST_TOTAL_CENTS);
  return total;
}
