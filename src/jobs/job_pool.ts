import pg from 'pg';

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/**
 * graphile-worker gives the connection that it listens on back twice, if it is stopped while LISTEN fails. The second
 * time is an error that nobody hears, which would end the process.
 */
class JobPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<pg.PoolClient> | void {
    if (!callback) return super.connect();
    super.connect((error, client, done) => {
      let given = false;
      callback(error, client, (release) => {
        if (!given) done?.(release);
        given = true;
      });
    });
  }
}

/** What jobs are taken and given back with. `onBroken` is called when a connection breaks. */
export function jobPool(connection: pg.PoolConfig, onBroken: () => void = () => {}): pg.Pool {
  // If the server dies, the last jobs taken or done may be forgotten: they run twice, which changes nothing.
  const pool = new JobPool({ ...connection, max: 10, options: '-c synchronous_commit=off' });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', onBroken));
  return pool;
}
