import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../../src/config.js';

const SRC = join(import.meta.dirname, '../../src');
const PIPE = 'inbound/sources/pipe/pipe_command.js';

/** What a mail server runs to hand over a message. */
export const PIPE_COMMAND = join(SRC, PIPE);

/** The command line by which a user of the system runs it: from the clone, if they may enter its folder. */
export async function pipeCommandFor(uid: number): Promise<string[]> {
  return runs(uid, [process.execPath, '--check', PIPE_COMMAND])
    ? [process.execPath, PIPE_COMMAND]
    : copiedPipeCommand(uid);
}

/** The same from a copy that everybody can read: a clone may lie in a home that only its owner can enter. */
export async function copiedPipeCommand(uid: number): Promise<string[]> {
  const copy = await mkdtemp(join(process.env['TEST_FOLDER'] ?? tmpdir(), 'copy-'));
  await chmod(copy, 0o755);
  const node = runs(uid, [process.execPath, '--version']) ? process.execPath : join(copy, 'node');
  if (node !== process.execPath) await cp(process.execPath, node);
  await cp(join(root, 'package.json'), join(copy, 'package.json'));
  await cp(SRC, join(copy, 'src'), { recursive: true });
  for (const path of await withDependencies(await packagesOf(PIPE_COMMAND)))
    await cp(join(root, path), join(copy, path), { recursive: true });
  return [node, join(copy, 'src', PIPE)];
}

const runs = (uid: number, [command = '', ...words]: string[]) =>
  spawnSync(command, words, { uid, cwd: '/', stdio: 'ignore' }).status === 0;

/** The packages that a compiled file imports, and the files that it imports in turn. */
async function packagesOf(file: string): Promise<Set<string>> {
  const [files, packages] = [new Set([file]), new Set<string>()];
  for (const path of files) {
    const code = await readFile(path, 'utf8');
    for (const [, from = ''] of code.matchAll(/^(?:import|export)\b(?:[^;'"=]*\bfrom)? '([^'\n]+)';/gm))
      if (from.startsWith('.')) files.add(join(dirname(path), from));
      else if (!from.startsWith('node:')) packages.add(/^(?:@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? from);
  }
  return packages;
}

/** The folders of packages and of all that they need. */
async function withDependencies(names: ReadonlySet<string>): Promise<Set<string>> {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dependencies?: Record<string, string> }>;
  };
  const found = new Set([...names].map((name) => `node_modules/${name}`));
  for (const path of found)
    for (const name of Object.keys(packages[path]?.dependencies ?? {}))
      if (packages[`node_modules/${name}`]) found.add(`node_modules/${name}`);
  return found;
}
