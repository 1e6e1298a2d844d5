import pg from 'pg';

/**
 * Connects once to the database that a setting names. Returns whether a pooler answers instead of the server itself:
 * the process that it names at the start of a connection is none of the server's.
 * @throws Error that names the setting, if there is no database at its URL
 */
export async function probe(setting: string, url: string): Promise<{ pooled: boolean }> {
  try {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 15_000 });
    client.on('error', () => {}); // what fails is what is asked
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await client.end();
    return { pooled: rows[0]?.pid !== processOf(client) };
  } catch (error) {
    // An AggregateError has one for each address of the host.
    const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
    throw new Error(`${setting}: ${first instanceof Error ? first.message : String(first)}`, { cause: error });
  }
}

/** The process that cancels its queries: `pg` keeps its number, but its types leave it out. */
const processOf = (client: pg.Client) => (client as unknown as { processID: number | null }).processID;
