import { sqlState } from '@nestbox/database';
import { ConfigError } from '../config/config.error.js';

/** One line that names the fault and the cure. */
export function describeStartUpFault(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, message, port, address } = error as { code?: string; message?: string; port?: number; address?: string };
  if (code === 'EADDRINUSE') return `Port ${port} is taken: stop whatever holds it, or set PORT or PORT_BASE to another.`;
  if (code === 'EACCES' && port) return `Port ${port} may not be opened by this user: set PORT to one above 1023.`;
  if (code === 'ECONNREFUSED') return `Nothing answers at ${address}:${port}: start it, or correct the URL in the environment.`;
  if (/unsupported startup parameter/.test(message ?? '')) {
    return 'A pooler refuses the startup options of connections: give the URL of PostgreSQL itself (docs/scaling.md).';
  }
  const state = sqlState(error);
  if (state === '28P01' || state === '28000') return 'PostgreSQL refuses the user or password: correct DATABASE_URL.';
  if (state === '3D000') return 'The database in DATABASE_URL does not exist: create it, then migrate.';
  if (state === '42P01' || state === '3F000') return 'A table is missing: run the migrations, then start again.';
  return String(message ?? error).split('\n')[0]!;
}
