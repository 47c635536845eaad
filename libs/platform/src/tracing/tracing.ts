import type { Config } from '../config/config.js';
import type { Tracing } from './tracing.port.js';

/** Sends spans to the configured collector. Without one, the SDK is not even loaded. */
export async function startTracing({ app, tracing }: Pick<Config, 'app' | 'tracing'>): Promise<Tracing> {
  if (!tracing) return { stop: async () => undefined };
  const { Collected } = await import('./collected.js');
  return new Collected(app, tracing);
}
