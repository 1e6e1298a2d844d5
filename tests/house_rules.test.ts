import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { basename, dirname, normalize } from 'node:path/posix';
import { test } from 'node:test';
import { root } from '../src/config.js';
import { types } from '../src/document_types/index.js';

const files = (folder: string, ending: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
const text = (file: string) => readFileSync(join(root, file), 'utf8');

/**
 * From the top of the services down; each station imports only from its own and those below. Files in src itself are
 * named.
 */
const ORDER = [
  'main',
  'start',
  'app',
  'demo',
  'api',
  'routes',
  'jobs',
  'inbound',
  'act',
  'imports',
  'projects',
  'subscriptions',
  'documents',
  'signing',
  'shared_files',
  'payments',
  'webhooks',
  'people',
  'acting',
  'conversation',
  'mail',
  'activity',
  'calendar',
  'files',
  'pdf',
  'pages',
  'subjects',
  'document_types',
  'input',
  'db',
  'telemetry',
  'errors',
  'config',
];

const station = (file: string) => (file.split('/')[1] ?? '').replace(/\.ts$/, '');

test('each station imports only from those below it', () => {
  const uphill = files('src', /\.ts$/).flatMap((file) =>
    [...text(file).matchAll(/^(?:import|export) .*?from '(\.[^']+)';/gms)]
      .map(([, path = '']) => normalize(join(dirname(file), path)).replace(/\.js$/, '.ts'))
      .filter((to) => ORDER.indexOf(station(to)) < ORDER.indexOf(station(file)))
      .map((to) => `${file} -> ${to}`),
  );
  assert.deepEqual(uphill, []);
  assert.deepEqual(
    [...new Set(files('src', /\.ts$/).map(station))].filter((name) => !ORDER.includes(name)),
    [],
  );
});

/** Words that only look like the name of a type. */
const OTHER_WORDS: Record<string, string> = {
  'src/documents/bookkeeping/booked_entries.ts': 'bill',
  'src/routes/accounting/xero_file.ts': 'bill',
  'src/payments/ledger/ledger.ts': 'bill', // a kind of ledger entry
  'src/payments/statements/statement.ts': 'bill', // the same
  'src/documents/effects/credit.ts': 'invoice', // a field that an action asks for
  'src/routes/documents/action_views.ts': 'invoice', // such a field, too
};

test('nothing outside of the document types names one: what types mean to each other is data of the types', () => {
  const names = types.map(({ name }) => name);
  const compounds = names.filter((name) => name.includes('_'));
  const paths = types.map(({ path }) => path);
  const naming = new RegExp(
    `(['"\`])(?:${names.join('|')})\\1|\\b(?:${compounds.join('|')})\\b|(?:\\}|:organization)/(?:${paths.join('|')})\\b`,
    'g',
  );
  const named = [...files('src', /\.ts$/), ...files('views', /\.ejs$/), ...files('public', /\.js$/)]
    .filter((file) => !file.startsWith('src/document_types/'))
    .flatMap((file) => (text(file).match(naming) ?? []).map((name) => ({ file, name })))
    .filter(({ file, name }) => name !== `'${OTHER_WORDS[file]}'`)
    .map(({ file, name }) => `${file}: ${name}`);
  assert.deepEqual(named, []);
});

test('whether a row exists is not asked in a way that may read a whole table: see `finds` in db/planner.ts', () => {
  const asked = files('src', /\.ts$/)
    // Those ask once, not for each row.
    .filter((file) => !/^src\/(db\/(planner|embedded\/postgres)|inbound\/deciding\/reply_facts)\.ts$/.test(file))
    .filter((file) => /(?<!not )exists \((?:\s*)select/.test(text(file)));
  assert.deepEqual(asked, []);
});

test('document types import nothing but each other and the schemas of input', () => {
  for (const file of files('src/document_types', /\.ts$/).filter((file) => !file.endsWith('_command.ts')))
    assert.doesNotMatch(text(file), /from '(?!\.\/|\.\.\/shared\/|(?:\.\.\/)+input\/|zod')/, file);
});

test('pages escape what they print: raw output only for includes, a layout’s body and our own styles', () => {
  const raw = files('views', /\.ejs$/).filter(
    (file) => !file.endsWith('.txt.ejs') && /<%-(?! ?(?:include\(|it\.body\b|it\.fonts_css\b))/.test(text(file)),
  );
  assert.deepEqual(raw, []);
});

test('pages hold no scripts or styles of their own', () => {
  const inline = files('views', /\.ejs$/).filter(
    (file) =>
      !/views\/(emails|layouts\/pdf)/.test(file) && /<script(?![^>]* src=)|<style|\son\w+=|\sstyle="/.test(text(file)),
  );
  assert.deepEqual(inline, []);
});

/** Elements that begin a line of their own; those of a sentence (a, span, strong, small…) may share one. */
const BLOCKS = `
  article aside blockquote body button canvas caption dd details div dl dt fieldset figure footer form h[1-6]
  head header html iframe input label legend li link main meta nav noscript ol option p pre script section
  select summary svg table tbody td textarea tfoot th thead title tr ul`
  .trim()
  .split(/\s+/);
const BLOCK = new RegExp(`<(?:${BLOCKS.join('|')})(?=[\\s>])`, 'g');

test('a view is read like prose: lines of at most 120 characters, one element in each, at most 150 of them', () => {
  const faults = files('views', /\.ejs$/).flatMap((file) => {
    const lines = text(file).trimEnd().split('\n');
    const ours = text(file).replace(/<!--.*?-->/gs, ''); // without what only Outlook reads
    const wide = lines.filter((line) => /.{121}/u.test(line)).map((line) => `${file} is too wide: ${line}`);
    const crowded = ours
      .split('\n')
      .filter((line) => (line.match(BLOCK) ?? []).length > 1)
      .map((line) => `${file}: ${line}`);
    return [...wide, ...crowded, ...(lines.length > 150 ? [`${file} has ${lines.length} lines`] : [])];
  });
  assert.deepEqual(faults, []);
});

test('a folder holds at most a dozen files, and each file name stands for one thing', () => {
  const sources = files('src', /\.ts$/);
  const counted = (names: string[], most: number) =>
    [...new Set(names)].filter((name) => names.filter((other) => other === name).length > most);
  assert.deepEqual(counted(sources.map(dirname), 12), []);
  const names = sources.map((file) => basename(file));
  assert.deepEqual(counted(names, 1), []);
});

// Views are exported for the check of their templates.
test('what a file exports is imported by another', () => {
  const sources = [...files('src', /\.ts$/), ...files('tests', /\.ts$/)].map((file) => ({ file, code: text(file) }));
  const unused = sources
    .filter(({ file }) => file.startsWith('src/'))
    .flatMap(({ file, code }) =>
      [...code.matchAll(/^export (?:async )?(?:const|function|class|interface|type) (\w+)\b(?! = defineView)/gm)]
        .map(([, name = '']) => name)
        .filter((name) => !sources.some((other) => other.file !== file && new RegExp(`\\b${name}\\b`).test(other.code)))
        .map((name) => `${file}: ${name}`),
    );
  assert.deepEqual(unused, []);
});

test('no file is longer than 300 lines', () => {
  const long = [...files('src', /\.ts$/), ...files('public', /\.(css|js)$/), ...files('views', /\.ejs$/)].filter(
    (file) => text(file).split('\n').length > 301,
  );
  assert.deepEqual(long, []);
});

test('no test lets its own assertion fail in silence', () => {
  const silenced = /^\s*(?:await )?assert\b(?:(?!;\n)[^])*\)\s*\.catch\(\(\w*\) => (?:\{\}|undefined|null)\);$/m;
  const silent = files('tests', /\.ts$/).filter((file) => silenced.test(text(file)));
  assert.match('  await assert.rejects(work).catch(() => {});', silenced);
  assert.deepEqual(silent, []);
});
