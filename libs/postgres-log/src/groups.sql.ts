import type { Statement } from './log-pool.js';

const BURY_THE_DEAD = `
    WITH dead AS (
      SELECT ctid FROM log.members
      WHERE group_name = $1 AND member <> $2 AND expires_at < clock_timestamp()
      FOR UPDATE SKIP LOCKED
    ), buried AS (
      DELETE FROM log.members USING dead WHERE members.ctid = dead.ctid
    )`;

export const JOIN: Statement = {
  name: 'log-join',
  text: `${BURY_THE_DEAD}
    INSERT INTO log.members (group_name, member, topics, expires_at)
    VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond')`,
};

export const RENEW: Statement = {
  name: 'log-renew',
  text: `${BURY_THE_DEAD}
    UPDATE log.members SET expires_at = clock_timestamp() + $3 * interval '1 millisecond'
    WHERE group_name = $1 AND member = $2`,
};

/** Members and partitions of one snapshot, so that an owner missing from the members is dead, not new. */
export const VIEW: Statement = {
  name: 'log-view',
  text: `
    SELECT
      (SELECT json_agg(json_build_object('id', member, 'topics', topics)) FROM log.members WHERE group_name = $1),
      (SELECT json_agg(json_build_array(p.id, p.topic, p.partition, p.next_offset::text, c.member, c.epoch::text))
       FROM log.partitions p LEFT JOIN log.cursors c ON c.partition_id = p.id AND c.group_name = $1
       WHERE p.topic IN (SELECT unnest(topics) FROM log.members WHERE group_name = $1))`,
};

/** Checks only the epoch. It rises with every change of owner, so a dead member cannot take a partition again. */
export const TAKE: Statement = {
  name: 'log-take',
  text: `
    INSERT INTO log.cursors AS c (group_name, partition_id, member, epoch)
    SELECT $1, id, $2, epoch + 1 FROM unnest($3::integer[], $4::bigint[]) AS wanted (id, epoch) ORDER BY id
    ON CONFLICT (group_name, partition_id) DO UPDATE SET member = excluded.member, epoch = excluded.epoch
    WHERE c.epoch = excluded.epoch - 1
    RETURNING partition_id, epoch, committed`,
};

export const RELEASE: Statement = {
  name: 'log-release',
  text: `UPDATE log.cursors SET member = NULL WHERE group_name = $1 AND member = $2 AND partition_id = ANY($3)`,
};

export const LEAVE: Statement = {
  name: 'log-leave',
  text: `
    WITH gone AS (DELETE FROM log.members WHERE group_name = $1 AND member = $2)
    UPDATE log.cursors SET member = NULL WHERE group_name = $1 AND member = $2`,
};

export const COMMIT: Statement = {
  name: 'log-commit',
  text: `
    UPDATE log.cursors SET committed = greatest(committed, $5)
    WHERE group_name = $1 AND partition_id = $2 AND member = $3 AND epoch = $4`,
};

/** Offsets by partition number. Does nothing when the group has members: only they set their offsets. */
export const SEEK: Statement = {
  name: 'log-seek',
  text: `
    INSERT INTO log.cursors AS c (group_name, partition_id, committed)
    SELECT $1, p.id, ($3::bigint[])[p.partition + 1] FROM log.partitions p
    WHERE p.topic = $2 AND NOT EXISTS (
      SELECT FROM log.members WHERE group_name = $1 AND expires_at >= clock_timestamp())
    ON CONFLICT (group_name, partition_id) DO UPDATE SET committed = excluded.committed, epoch = c.epoch + 1, member = NULL`,
};

export const FORGET_GROUP: Statement = {
  name: 'log-forget-group',
  text: `
    DELETE FROM log.cursors
    WHERE group_name = $1 AND NOT EXISTS (
      SELECT FROM log.members WHERE group_name = $1 AND expires_at >= clock_timestamp())`,
};

export const LAG: Statement = {
  name: 'log-lag',
  text: `
    SELECT p.topic, p.partition, p.earliest_offset, p.next_offset, c.committed
    FROM log.partitions p LEFT JOIN log.cursors c ON c.partition_id = p.id AND c.group_name = $1
    WHERE p.topic = ANY($2)
    ORDER BY p.topic, p.partition`,
};

export const OWNED: Statement = {
  name: 'log-owned',
  text: `
    SELECT p.topic, p.partition
    FROM log.members m JOIN log.cursors c USING (group_name, member) JOIN log.partitions p ON p.id = c.partition_id
    WHERE m.group_name = $1 AND m.expires_at >= clock_timestamp()`,
};
