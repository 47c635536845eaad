import { SEVEN_DAYS_MS } from '@nestbox/messaging';
import type { TopicAsFound, TopicSpec } from '@nestbox/messaging';
import kafkajs from 'kafkajs';
import type { Admin, IResourceConfigEntry } from 'kafkajs';

/**
 * A record goes only in favour of one that is itself an hour old: whoever reads a compacted topic from its beginning to its
 * end within that time meets the last record of each key, whatever is compacted meanwhile.
 */
const COMPACTION_LAG_MS = 60 * 60 * 1000;

export function settingsOf({ cleanup = 'delete', retentionMs = SEVEN_DAYS_MS }: TopicSpec): IResourceConfigEntry[] {
  if (cleanup === 'delete') return [{ name: 'retention.ms', value: String(retentionMs) }];
  return [
    { name: 'cleanup.policy', value: 'compact' },
    { name: 'min.compaction.lag.ms', value: String(COMPACTION_LAG_MS) },
  ];
}

/** How the brokers treat these topics, by name. */
export async function describeSettings(
  admin: Admin,
  topics: readonly TopicSpec[],
): Promise<Map<string, Pick<TopicAsFound, 'cleanup' | 'retentionMs'>>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name }) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames: ['cleanup.policy', 'retention.ms'],
    })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => {
      const values = new Map(configEntries.map(({ configName, configValue }) => [configName, configValue]));
      const retention = Number(values.get('retention.ms'));
      // With both policies records go by age too.
      const cleanup = values.get('cleanup.policy') === 'compact' ? 'compact' : 'delete';
      return [resourceName, { cleanup, retentionMs: retention === -1 ? Infinity : retention }];
    }),
  );
}
