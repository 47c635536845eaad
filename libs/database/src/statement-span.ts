import { SpanKind, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { attribute, failSpan, open } from '@nestbox/telemetry';
import { sqlState } from './database.error.js';

/**
 * A span for one statement inside a sampled trace; statements outside a trace get none. It contains only verb and table, never
 * values.
 */
export function statementSpan(statement: unknown): Span | undefined {
  if (!trace.getActiveSpan()?.isRecording()) return undefined;
  const text = typeof statement === 'string' ? statement : (statement as { text?: unknown } | undefined)?.text;
  const summary = typeof text === 'string' ? summaryOf(text) : 'SQL';
  const attributes = {
    [attribute.databaseSystem]: 'postgresql',
    [attribute.databaseOperation]: summary.split(' ')[0]!,
    [attribute.querySummary]: summary,
  };
  return open(summary, { kind: SpanKind.CLIENT, attributes });
}

export function endStatement(span: Span, error?: unknown): void {
  if (error) failSpan(span, { code: sqlState(error), name: (error as Error).name });
  span.end();
}

/** `INSERT nestbox.outbox_3`, `SELECT orders`, `COMMIT`. */
function summaryOf(text: string): string {
  const [, verb = 'SQL'] = /^\s*(\w+)/.exec(text) ?? [];
  const [, table] = /\b(?:FROM|INTO|UPDATE|TABLE)\s+(?:ONLY\s+)?"?([\w.]+(?:"?\."?\w+)?)/i.exec(text.slice(0, 2_000)) ?? [];
  return [verb.toUpperCase(), table?.replaceAll('"', '')].filter(Boolean).join(' ');
}
