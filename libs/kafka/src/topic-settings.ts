import { SEVEN_DAYS_MS } from '@nestbox/messaging';
import type { TopicAsFound, TopicSpec } from '@nestbox/messaging';
import kafkajs from 'kafkajs';
import type { Admin, IResourceConfigEntry } from 'kafkajs';

/**
 * Compaction replaces a record only by one that is at least an hour old. A reader that needs less than an hour for the whole
 * topic therefore sees a last record of every key, even during compaction.
 */
const COMPACTION_LAG_MS = 60 * 60 * 1000;

export function settingsOf({ cleanup = 'delete', retentionMs = SEVEN_DAYS_MS }: TopicSpec): IResourceConfigEntry[] {
  if (cleanup === 'delete') return [{ name: 'retention.ms', value: String(retentionMs) }];
  return [
    { name: 'cleanup.policy', value: 'compact' },
    { name: 'min.compaction.lag.ms', value: String(COMPACTION_LAG_MS) },
  ];
}

/** The topics' settings on the brokers, by name. */
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
      // With both policies, records are also deleted by age.
      const cleanup = values.get('cleanup.policy') === 'compact' ? 'compact' : 'delete';
      return [resourceName, { cleanup, retentionMs: retention === -1 ? Infinity : retention }];
    }),
  );
}
