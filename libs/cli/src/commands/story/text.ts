import type { WaitingAt, Story, StoryMessage } from '@nestbox/telemetry';
import { fields, plain } from '../../table.js';

/** The tree of messages with their handlings, and what the story waits for. */
export function textOf(story: Story): string {
  const start = Date.parse(story.startedAt);
  const about = fields({
    story: story.id,
    'correlation id': story.correlationIds.join(', '),
    trace: story.traceIds.join(', '),
    began: story.startedAt,
  });
  const tree = story.roots.flatMap((root) => branch(root, '', '', start));
  const sagas = story.sagas.map(({ app, saga, id, status, note, changedAt }) =>
    plain(`saga ${saga} ${id} of ${app}: ${status}${note ? `, ${note}` : ''} (${after(changedAt, start)})`),
  );
  return [about, tree.join('\n'), sagas.join('\n'), waitingLines(story)].filter((part) => part !== '').join('\n\n');
}

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}

function branch(message: StoryMessage, first: string, rest: string, start: number): string[] {
  const { type, producer, occurredAt, outboxMs, place, handlings, follows, eventId } = message;
  const outbox = place.in === 'topic' ? `outbox ${duration(outboxMs)}` : `IN THE OUTBOX for ${duration(outboxMs)}`;
  const gone = place.in === 'refused' ? `REFUSED BY THE BROKER: ${place.why}` : outbox;
  const head = `${first}${type}  ${after(occurredAt, start)}  by ${producer}, ${gone}  ${eventId}`;
  const bar = follows.length > 0 ? '│' : ' ';
  const lines = handlings.map((handling) => `${rest}${bar}   ${handlingLine(handling)}`);
  const children = follows.flatMap((child, n) => {
    const last = n === follows.length - 1;
    return branch(child, `${rest}${last ? '└─ ' : '├─ '}`, `${rest}${last ? '   ' : '│  '}`, start);
  });
  return [plain(head), ...lines.map(plain), ...children];
}

type Handled = StoryMessage['handlings'][number];

function handlingLine({ handler, state, waitedMs, stay, failures, why, ahead, groupStands, dueAt, letter, app }: Handled): string {
  const tries = failures > 0 ? `, ${failures} failed ${failures === 1 ? 'try' : 'tries'}` : '';
  const which = letter ? ` (letter ${app}/${letter})` : '';
  switch (state) {
    case 'handled':
      return `✓ ${handler}${waitedMs === null ? '' : ` after ${duration(waitedMs)}`}${stay ? ` (${kept(stay)})` : ''}${tries}${which}`;
    case 'waiting': {
      const where = groupStands === null ? `in the consumer queue, ${ahead} before it` : `at the broker: ${groupStands}`;
      return `… ${handler} ${where}, for ${duration(waitedMs ?? 0)}`;
    }
    case 'paused':
      return `‖ ${handler}: ${why}, for ${duration(waitedMs ?? 0)}`;
    case 'retried':
      return `↻ ${handler} tries again at ${dueAt}${tries}${which}: ${why}`;
    case 'parked':
      return `✗ ${handler} PARKED${tries}${which}: ${why}`;
    case 'discarded':
      return `− ${handler} discarded${which}`;
    default:
      return `  ${handler} ${state}`;
  }
}

function kept({ brokerMs, queueMs, handlerMs }: NonNullable<Handled['stay']>): string {
  return `broker ${duration(brokerMs)}, queue ${duration(queueMs)}, handler ${duration(handlerMs)}`;
}

function waitingLines({ standings, silent, sagas }: Story): string {
  const lines = standings.map(lineOf);
  const missing = silent.length > 0 ? [`No answer from ${silent.join(', ')}: what is known there is missing.`] : [];
  if (lines.length > 0) return ['WHERE IT STANDS', ...lines.map((line) => `  ${line}`), ...missing].map(plain).join('\n');
  const end = sagas.map(({ saga, status }) => `${saga} ${status}`).join(', ');
  return [`Nothing of it waits anywhere.${end ? ` ${end}.` : ''}`, ...missing].map(plain).join('\n');
}

function lineOf({ where, app, handler, type, since, why }: WaitingAt): string {
  const holder = handler ?? app;
  return `${app}: ${where} since ${since} (${duration(Date.now() - Date.parse(since))}), ${type}${holder === app ? '' : ` for ${holder}`}${why ? `: ${why}` : ''}`;
}

function after(iso: string, start: number): string {
  return `+${duration(Math.max(0, Date.parse(iso) - start))}`;
}
