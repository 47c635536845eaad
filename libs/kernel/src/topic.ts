/** A topic, declared next to its contracts. */
export interface Topic<Name extends string = string> {
  readonly name: Name;
  /** Also the maximum number of consumers per group. Never change it once the topic has records: keys would lose their order. */
  readonly partitions: number;
  /** Minimum time that records are kept. Default: seven days. */
  readonly retentionMs?: number;
  /** `compact`: the last record of each key stays for ever. Default: `delete`, by age. */
  readonly cleanup?: 'delete' | 'compact';
}

/** The name of a topic given as a name or as a declaration. */
export function topicName<Name extends string>(topic: Name | Topic<Name>): Name {
  return typeof topic === 'string' ? topic : topic.name;
}
