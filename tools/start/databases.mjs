/** The embedded log, and the keys of personal data: apart, so that orders go on while the log's database is away. */
const houseDatabases = ['broker', 'keys'];

/**
 * One database per context, owned by <context>_owner, who alone may change tables; the app's own role may only
 * connect and is granted rows by the migrations. Every app may enter those of the house.
 * @param {{ url: string, passwordFor: (role: string) => string, contexts: string[] }} options url: superuser
 */
export async function createDatabases({ url, passwordFor, contexts }) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const context of contexts) await createRole(client, context, passwordFor(context));
    for (const context of contexts) await createOwned(client, passwordFor, context, [context]);
    for (const database of houseDatabases) await createOwned(client, passwordFor, database, contexts);
  } finally {
    await client.end();
  }
}

/**
 * @param {import('pg').Client} client
 * @param {(role: string) => string} passwordFor
 * @param {string} database
 * @param {string[]} guests
 */
async function createOwned(client, passwordFor, database, guests) {
  const owner = ownerOf(database);
  await createRole(client, owner, passwordFor(owner));
  const name = client.escapeIdentifier(database);
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${name} OWNER ${client.escapeIdentifier(owner)}`);
  await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  for (const guest of guests)
    await client.query(`GRANT CONNECT ON DATABASE ${name} TO ${client.escapeIdentifier(guest)}`);
}

/** @param {import('pg').Client} client @param {string} role @param {string} password */
async function createRole(client, role, password) {
  const name = client.escapeIdentifier(role);
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  const limits = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';
  await client.query(`${verb} ROLE ${name} ${limits} PASSWORD ${client.escapeLiteral(password)}`);
}

/** @param {string} database */
export function ownerOf(database) {
  return `${database}_owner`;
}
