export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly priceCents: number;
  readonly onHand: number;
}

/** Enough of everything but one: some orders must be turned down. */
export const shelf: readonly Product[] = [
  { sku: 'mug-blue', name: 'Blue mug', priceCents: 1250, onHand: 100_000 },
  { sku: 'teapot', name: 'Cast iron teapot', priceCents: 4900, onHand: 100_000 },
  { sku: 'tea-green', name: 'Green tea', priceCents: 795, onHand: 100_000 },
  { sku: 'tray-last', name: 'The last few trays', priceCents: 2100, onHand: 30 },
];
