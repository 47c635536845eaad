/** A topic as it is declared beside the contracts that travel in it. */
export interface Topic<Name extends string = string> {
  readonly name: Name;
  /** The most consumers of one group that can share it. Fixed once written to: another number would break the order of keys. */
  readonly partitions: number;
  /** How long records are kept at least. Default: seven days. */
  readonly retentionMs?: number;
  /** `compact`: the last record of each key stays for ever. Default: `delete`, by age. */
  readonly cleanup?: 'delete' | 'compact';
}

/** What a contract takes for its topic: a name alone, or the declaration. */
export function topicName<Name extends string>(topic: Name | Topic<Name>): Name {
  return typeof topic === 'string' ? topic : topic.name;
}
