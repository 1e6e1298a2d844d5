import { Client, type ClientConfig } from 'pg';

/** Makes sure of the role and the database `parley`, as the superuser; the same at every start. */
export async function createDatabase(superuser: ClientConfig, create_databases: boolean): Promise<void> {
  const client = new Client(superuser);
  await client.connect();
  try {
    const found = await client.query<{ role: boolean; database: boolean }>(
      `select exists (select from pg_roles where rolname = 'parley') as role, exists (select from pg_database where datname = 'parley') as database`,
    );
    if (found.rows[0]?.role !== true) await client.query('create role parley');
    // Row security doesn't hold for a superuser or with bypassrls.
    await client.query(
      `alter role parley login nosuperuser nobypassrls nocreaterole ${create_databases ? 'createdb' : 'nocreatedb'}`,
    );
    if (found.rows[0]?.database !== true) await client.query('create database parley owner parley');
  } finally {
    await client.end();
  }
}
