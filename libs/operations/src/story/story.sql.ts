import { unpublishedRows } from '@nestbox/outbox';

const MENTIONS = `key = ANY($1) OR EXISTS (SELECT FROM unnest($1::text[]) id WHERE strpos(value, id) > 0 OR strpos(headers, id) > 0)`;
/** More messages than any story has; the rest is ignored. */
const MOST = 1_000;

/** Unpublished messages that mention one of the ids in $1. */
export const UNPUBLISHED = `SELECT topic, key, headers, value ${unpublishedRows('o.topic, o.key, o.headers, o.value')} WHERE ${MENTIONS} LIMIT ${MOST}`;
export const REFUSED = `SELECT topic, key, headers, value, reason FROM nestbox.refused WHERE ${MENTIONS} LIMIT ${MOST}`;

/** Which handlers have claimed the messages in $1, and when. */
export const CLAIMS = `SELECT h.name AS handler, i.event_id AS "eventId", i.at FROM nestbox.handlers h
  JOIN nestbox.inbox i ON i.handler = h.id AND i.event_id = ANY($1::uuid[]) WHERE h.name = ANY($2)`;

/** The newest dead letter per handler and message. */
export const DEAD_LETTERS = `SELECT DISTINCT ON (handler, event_id) id::text, handler, event_id AS "eventId", status, reason,
    jsonb_array_length(attempts) AS failures, error_class AS "errorClass", error_message AS "errorMessage",
    parked_at AS "parkedAt", due_at AS "dueAt", closed_at AS "closedAt"
  FROM nestbox.dead_letters WHERE event_id = ANY($1::uuid[]) ORDER BY handler, event_id, id DESC`;
