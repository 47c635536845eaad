import { EventingError } from '@nestbox/messaging';
import type { TopicAsFound } from '@nestbox/messaging';
import type { LogPool } from './log-pool.js';
import { PARTITIONS_OF_TOPICS } from './records.sql.js';

/** Row ids of each topic's partitions, by partition number. Cached, because partitions never change. */
export class TopicDirectory {
  private readonly known = new Map<string, readonly number[]>();

  constructor(private readonly pool: LogPool) {}

  /** Rejects with PUBLISH_REFUSED when one of the topics does not exist. */
  async resolve(topics: ReadonlySet<string>): Promise<ReadonlyMap<string, readonly number[]>> {
    const unknown = [...topics].filter((topic) => !this.known.has(topic));
    if (unknown.length > 0) {
      for (const [topic, ids] of await this.lookUp(unknown)) this.known.set(topic, ids);
    }
    for (const topic of topics) {
      if (!this.known.has(topic)) throw new EventingError('PUBLISH_REFUSED', `There is no topic ${topic} on the embedded log.`);
    }
    return this.known;
  }

  /** The existing topics among these, with their settings. */
  async describe(topics: readonly string[]): Promise<Map<string, TopicAsFound>> {
    const { rows } = await this.pool.run(PARTITIONS_OF_TOPICS, [topics]);
    const found = new Map<string, TopicAsFound>();
    for (const [topic, , , retentionMs, cleanup] of rows as [string, number, number, string, TopicAsFound['cleanup']][]) {
      const partitions = (found.get(topic)?.partitions ?? 0) + 1;
      found.set(topic, { partitions, cleanup, retentionMs: Number(retentionMs) });
    }
    return found;
  }

  private async lookUp(topics: readonly string[]): Promise<Map<string, number[]>> {
    const { rows } = await this.pool.run(PARTITIONS_OF_TOPICS, [topics]);
    const found = new Map<string, number[]>();
    for (const [topic, , id] of rows as [string, number, number][]) {
      const ids = found.get(topic);
      if (ids) ids.push(id);
      else found.set(topic, [id]);
    }
    return found;
  }

  forget(): void {
    this.known.clear();
  }
}
