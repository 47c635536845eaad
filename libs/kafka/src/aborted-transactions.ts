/** What a fetch tells of a transaction that was given up. */
export interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}

/**
 * Which batches of a fetch belong to transactions that were given up, told as Kafka's client for Java tells it. The broker lists
 * them by their ends. kafkajs' own filter takes that for the order of their beginnings and opens one a record, so it shows records
 * of a transaction that was given up while another was open.
 */
export class AbortedTransactions {
  private readonly toCome: { readonly producerId: bigint; readonly first: bigint }[];
  private readonly open = new Set<bigint>();

  constructor(told: readonly AbortedTransaction[]) {
    this.toCome = told
      .map(({ producerId, firstOffset }) => ({ producerId: BigInt(producerId), first: BigInt(firstOffset) }))
      .sort((one, other) => Number(one.first - other.first));
  }

  /** To be asked for each batch, in their order. */
  hold(batch: { lastOffset: bigint; producerId: bigint; inTransaction: boolean; isControl: boolean }): boolean {
    while (this.toCome.length > 0 && this.toCome[0]!.first <= batch.lastOffset) this.open.add(this.toCome.shift()!.producerId);
    // A marker ends the transaction of its producer.
    if (batch.isControl) this.open.delete(batch.producerId);
    return !batch.isControl && batch.inTransaction && this.open.has(batch.producerId);
  }
}
