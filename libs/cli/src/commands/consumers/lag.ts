import { defineCommand } from '../../command.js';
import { acrossApps } from '../../shop/across-apps.js';
import { ofApps } from '../../shop/shop.js';
import { table } from '../../table.js';

interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  readonly committed: string | null;
  readonly end: string;
  readonly lag: number;
}

interface Pause {
  readonly actor: string;
  readonly reason: string;
}

interface GroupStatus {
  readonly group: string;
  readonly problem: string | null;
  readonly paused: Pause | null;
  readonly handlers: readonly { readonly id: string; readonly paused: Pause | null }[];
  readonly partitions: readonly PartitionLag[] | null;
}

export const consumersLag = defineCommand({
  name: 'consumers lag',
  summary: 'how far each group is behind on each topic, and whether it is paused',
  options: { ...ofApps, partitions: { type: 'boolean', about: 'partition by partition' } },
  async run({ options, env, signal, progress }) {
    const { found, failed } = await acrossApps({ options, env, progress, signal }, (app) =>
      app.ask<GroupStatus[]>('/admin/consumers', { signal }),
    );
    const groups = found.flatMap(({ app, answer }) => answer.map((group) => ({ app, ...group })));
    const rows = groups.flatMap((group) => {
      const places = group.partitions
        ? options.partitions
          ? byPartition(group.partitions)
          : byTopic(group.partitions)
        : [['?', '?']];
      return places.map((place) => [group.app, group.group, ...place, stateOf(group)]);
    });
    const headings = ['APP', 'GROUP', options.partitions ? 'PARTITION' : 'TOPIC', 'BEHIND', 'STATE'];
    return { json: groups, text: table(headings, rows, 'Nobody consumes.'), failed };
  },
});

function byPartition(partitions: readonly PartitionLag[]): unknown[][] {
  return partitions.map(({ topic, partition, lag }) => [`${topic}[${partition}]`, lag]);
}

function byTopic(partitions: readonly PartitionLag[]): unknown[][] {
  const topics = new Map<string, number>();
  for (const { topic, lag } of partitions) topics.set(topic, (topics.get(topic) ?? 0) + lag);
  return [...topics];
}

function stateOf({ problem, paused, handlers, partitions }: GroupStatus): string {
  const told = (name: string, { actor, reason }: Pause) => `${name} paused by ${actor}: ${reason}`;
  const pauses = [
    ...(paused ? [told('group', paused)] : []),
    ...handlers.flatMap((handler) => (handler.paused ? [told(handler.id, handler.paused)] : [])),
  ];
  const faults = [...(problem ? [problem] : []), ...(partitions ? [] : ['the broker does not answer'])];
  return [...pauses, ...faults].join('; ') || 'runs';
}
