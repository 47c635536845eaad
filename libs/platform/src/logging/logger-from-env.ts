import { readTable } from '../config/read-variables.js';
import { variables } from '../config/variables.js';
import { StructuredLogger } from './structured.logger.js';

/** Logging must work before the config is validated: a bad value falls back to the default here and is reported there. */
export function loggerFromEnv(env: NodeJS.ProcessEnv): StructuredLogger {
  const { values } = readTable(env, variables);
  const fallback = values.NODE_ENV === 'production' ? 'json' : 'pretty';
  const modules = Object.fromEntries(values.LOG_LEVELS?.split(',').map((entry) => entry.split('=')) ?? []);
  return new StructuredLogger({ level: values.LOG_LEVEL ?? 'info', modules, format: values.LOG_FORMAT ?? fallback });
}
