import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { print } from './figure.js';

const main = join(import.meta.dirname, '../../src/main.js');

/** From the command to "Parley is up": the first time, with the database to be made, and the second. */
export async function measureStart(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  await chmod(folder, 0o755);
  const cold_ms = await startOnce(folder);
  const second_ms = await startOnce(folder);
  await rm(folder, { recursive: true, force: true });
  print({ figure: 'start, the database to be made', value: cold_ms / 1000, unit: 's' });
  print({ figure: 'start, again', value: second_ms / 1000, unit: 's' });
}

async function startOnce(folder: string): Promise<number> {
  const started = performance.now();
  const env = {
    PATH: process.env['PATH'],
    HOST: '127.0.0.1',
    PORT: '0',
    INBOUND_SMTP_PORT: '0',
    DATA_DIR: folder,
    DEMO: 'off',
    LOG_LEVEL: 'error',
  };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.includes('Parley is up')) break;
  }
  const ms = performance.now() - started;
  child.kill('SIGTERM');
  await ended;
  if (!said.includes('Parley is up')) throw new Error('Parley did not start.');
  return ms;
}
