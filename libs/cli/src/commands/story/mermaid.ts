import type { Story, StoryMessage } from '@nestbox/telemetry';
import { duration } from './text.js';

/** A sequence diagram of the messages in order of time. */
export function mermaidOf(story: Story): string {
  const messages = flat(story.roots).sort((a, b) => a.occurredAt.localeCompare(b.occurredAt));
  const arrows = messages.flatMap((message) => arrowsOf(message));
  const names = new Set(messages.flatMap(({ producer, handlings }) => [producer, ...handlings.map(({ app }) => app)]));
  const participants = [...names].map((name) => `  participant ${word(name)}`);
  const notes = story.standings.map(({ app, where, type, why }) => `  Note over ${word(app)}: ${text(`${where}: ${type}${why ? `, ${why}` : ''}`)}`);
  const standing = story.standings.map(({ app }) => word(app)).filter((name) => !names.has(name)).map((name) => `  participant ${name}`);
  return ['sequenceDiagram', ...participants, ...new Set(standing), ...arrows, ...notes].join('\n');
}

function arrowsOf({ producer, type, handlings, place }: StoryMessage): string[] {
  if (handlings.length === 0) {
    const what = place.in === 'topic' ? type : `${type} (${place.in})`;
    return [`  ${word(producer)}->>${word(producer)}: ${text(what)}`];
  }
  return handlings.map(({ app, handler, state, waitedMs }) => {
    const arrow = state === 'handled' ? '->>' : '--x';
    const how = state === 'handled' ? (waitedMs === null ? '' : ` +${duration(waitedMs)}`) : ` ${state}`;
    return `  ${word(producer)}${arrow}${word(app)}: ${text(`${type} → ${handler}${how}`)}`;
  });
}

function flat(messages: readonly StoryMessage[]): StoryMessage[] {
  return messages.flatMap((message) => [message, ...flat(message.follows)]);
}

/** Names come from messages, so line ends and Mermaid's special characters are removed. */
function word(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '_');
}

function text(words: string): string {
  return words.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029;#<>{}]/gu, ' ').slice(0, 200);
}
