import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { freePort } from './ports.js';

const KEY = 'S3RVER'; // the only one that it knows

/** A bucket on this machine, and the settings that name it. `stop` takes it away, `start` brings it back. */
export async function openBucket() {
  const directory = await mkdtemp(join(process.env['TEST_FOLDER'] ?? tmpdir(), 'bucket-'));
  const port = await freePort();
  const begin = async () => {
    const configureBuckets = [{ name: 'parley-files' }];
    const server = new S3rver({ address: '127.0.0.1', port, silent: true, directory, configureBuckets });
    await server.run();
    return server;
  };
  let server: S3rver | null = await begin();
  const stop = async () => {
    await server?.close();
    server = null;
  };
  return {
    env: {
      S3_BUCKET: 'parley-files',
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_ACCESS_KEY_ID: KEY,
      S3_SECRET_ACCESS_KEY: KEY,
    },
    stop,
    async start() {
      server = await begin();
    },
    async close() {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
