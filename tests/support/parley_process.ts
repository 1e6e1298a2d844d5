import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../src/config.js';
import { envOf, type Portal } from './portal.js';

const MAIN = join(import.meta.dirname, '../../src/main.js');

/** Parley as a process of its own, in these roles (all, if none is named), on a portal's database. */
export function startParley(portal: Portal, roles: string[] = [], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, ...roles], {
    cwd: root,
    env: { ...process.env, ...envOf(portal), INBOUND_SMTP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'exit').then(([code]) => ({ code: code as number | null, errors }));
  const said: string[] = [];
  const says = () =>
    new Promise<void>((resolve) => {
      createInterface(child.stdout).on('line', (line) => {
        said.push(line);
        if (line.includes('Parley is up')) resolve();
      });
    });
  return {
    /** What it has told the terminal. */
    said,
    /** It works, or has ended. */
    up: Promise.race([says(), ended]),
    /** It has ended: its exit code, and what it wrote to stderr. */
    ended,
    /** Asks it to end. */
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
