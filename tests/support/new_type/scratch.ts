import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../../src/config.js';

const COPIED = ['src', 'views', 'public', 'migrations', 'seeds', 'package.json', 'tsconfig.json'];
const TYPES = 'src/document_types';

/** A copy of the project to change, without its tests; `tests/support` comes along. */
export async function copyProject() {
  const folder = await mkdtemp(join(process.env['TEST_FOLDER'] ?? tmpdir(), 'scratch-'));
  await mkdir(join(folder, 'tests'));
  for (const path of [...COPIED, 'tests/support', 'tests/tsconfig.json'])
    await cp(join(root, path), join(folder, path), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    /** Adds a document type: a file, which is one of tests/support here, and a line (and its import) in the index. */
    async addType(file: string, constant: string): Promise<void> {
      const code = await readFile(join(root, 'tests/support', `${file}.ts`), 'utf8');
      await writeFile(join(folder, TYPES, 'sales/added.ts'), code.replace(/'[./]*\/src\//g, `'../../`));
      const index = await readFile(join(folder, TYPES, 'index.ts'), 'utf8');
      const listed = index.replace(/^  salesOrder,\n/m, `$&  ${constant},\n`);
      if (listed === index) throw new Error('The index has another form than this test knows.');
      await writeFile(join(folder, TYPES, 'index.ts'), `import { ${constant} } from './sales/added.js';\n${listed}`);
    },
    /** Compiles it with all its checks. @throws with the compiler's messages. */
    async compile(): Promise<void> {
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const run = promisify(execFile)(process.execPath, [tsc, '-p', join(folder, 'tests'), '--pretty', 'false']);
      await run.catch(({ stdout }: { stdout: string }) => {
        throw new Error(stdout);
      });
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
