export interface GroupMember {
  readonly id: string;
  readonly topics: readonly string[];
}

/**
 * Which partitions each member should own. Every member computes it from the same rows and comes to the same answer:
 * members in the order of their ids take turns over the partitions in order, counted over the whole group so that
 * many one-partition topics do not all land on the first member.
 */
export function assign<P extends { readonly topic: string; readonly partition: number }>(
  members: readonly GroupMember[],
  partitions: readonly P[],
): Map<string, P[]> {
  const sorted = [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
  const owned = new Map<string, P[]>(sorted.map(({ id }) => [id, []]));
  for (const partition of [...partitions].sort(byPlace)) {
    const readers = sorted.filter(({ topics }) => topics.includes(partition.topic));
    const fewest = readers.reduce<GroupMember | undefined>(
      (best, reader) => (best && owned.get(best.id)!.length <= owned.get(reader.id)!.length ? best : reader),
      undefined,
    );
    if (fewest) owned.get(fewest.id)!.push(partition);
  }
  return owned;
}

function byPlace(a: { topic: string; partition: number }, b: { topic: string; partition: number }): number {
  return a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;
}
