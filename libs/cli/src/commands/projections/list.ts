import { defineCommand } from '../../command.js';
import { acrossApps } from '../../shop/across-apps.js';
import { ofApps } from '../../shop/shop.js';
import { table } from '../../table.js';
import type { Generation } from './generations.js';

interface Listed {
  readonly id: string;
  readonly version: number;
  readonly tables: readonly string[];
  readonly generations: readonly Generation[];
}

export const projectionsList = defineCommand({
  name: 'projections list',
  summary: 'projections that can be rebuilt, and their generations',
  options: ofApps,
  async run({ options, env, signal, progress }) {
    const { found, failed } = await acrossApps({ options, env, progress, signal }, (app) =>
      app.ask<Listed[]>('/admin/projections', { signal }),
    );
    const listed = found.flatMap(({ app, answer }) => answer.map((projection) => ({ app, ...projection })));
    const rows = listed.flatMap(({ id, tables, generations }) =>
      generations.length === 0
        ? [[id, tables.join(', '), '-', 'live', '']]
        : generations.map((one) => [id, tables.join(', '), one.id, one.status, noteOf(one)]),
    );
    return { json: listed, text: table(['PROJECTION', 'TABLES', 'GENERATION', 'STATE', ''], rows, 'There is none.'), failed };
  },
});

function noteOf({ problem, progress }: Generation): string {
  return problem ?? (progress ? `${progress.left} events left` : '');
}
