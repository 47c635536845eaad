import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Client } from 'pg';
import { migrate } from './migrate.js';
import { scratchDatabase } from './testing/index.js';
import type { ScratchDatabase } from './testing/index.js';

class Ring1764000000901 implements MigrationInterface {
  static readonly rights = { ring: ['TRUNCATE'] } as const;
  readonly name = 'Ring1764000000901';

  async up(db: QueryRunner): Promise<void> {
    for (const schema of ['ring', 'books']) {
      await db.query(`CREATE SCHEMA ${schema}`);
      await db.query(`CREATE TABLE ${schema}.pages (id int)`);
    }
  }

  async down(): Promise<void> {}
}

describe('migrating', () => {
  let scratch: ScratchDatabase;
  let owner: Client;
  const role = `migrating_${process.pid}`;

  beforeAll(async () => {
    scratch = await scratchDatabase();
    owner = new Client({ connectionString: scratch.url });
    await owner.connect();
    await owner.query(`CREATE ROLE ${role}`);
  });
  afterAll(async () => {
    await owner.query(`DROP OWNED BY ${role}`);
    await owner.query(`DROP ROLE ${role}`);
    await owner.end();
    await scratch.drop();
  });

  const may = async (table: string) => {
    const { rows } = await owner.query<{ privilege_type: string }>(
      `SELECT privilege_type FROM information_schema.table_privileges
       WHERE grantee = $1 AND table_schema || '.' || table_name = $2 ORDER BY 1`,
      [role, table],
    );
    return rows.map(({ privilege_type }) => privilege_type);
  };

  it.each(['at first', 'again, when there is nothing to run'])('lets apps do no more than a migration asks for, %s', async () => {
    await migrate({ url: scratch.url, migrations: [Ring1764000000901], appRoles: [role] });
    expect(await may('ring.pages')).toEqual(['DELETE', 'INSERT', 'SELECT', 'TRUNCATE', 'UPDATE']);
    expect(await may('books.pages')).toEqual(['DELETE', 'INSERT', 'SELECT', 'UPDATE']);
  });
});
