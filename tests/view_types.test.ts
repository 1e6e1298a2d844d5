import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { root } from '../src/config.js';
import { checkViews, filesIn, views } from './support/check_views.js';

const folder = join(root, 'views');
const templates = filesIn(folder, /\.ejs$/);
const sources = filesIn(join(root, 'src'), /\.ts$/).map((file) => readFileSync(join(root, 'src', file), 'utf8'));
const viewOf = (file: string) => file.replace(/(\.html|\.txt)?\.ejs$/, '');

/** The templates that others include. */
const partials = new Set(
  templates.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/include\('([^']+)'/g)].map(([, name = '']) =>
      normalize(join(dirname(file), name.replace(/(\.ejs)?$/, '.ejs'))),
    ),
  ),
);

test('each page and email is defined once, with the type of its input; nothing is defined that has no template', () => {
  const defined = sources.flatMap((text) => [...text.matchAll(/\bdefineView<[^()]*>\(\s*'([^']+)'/g)]);
  const names = defined.map(([, name = '']) => name).toSorted();
  const pages = templates.filter((file) => !/^(components|layouts)\//.test(file) && !/^emails\/layout\./.test(file));
  const needed = pages.filter((file) => !partials.has(file) || names.includes(viewOf(file))).map(viewOf);
  assert.deepEqual(names, [...new Set(needed)].toSorted());
  assert.deepEqual([...views().keys()].toSorted(), names, 'a view is a constant that is exported');
});

test('views are rendered by their definition, never by name', () => {
  const byName = sources.flatMap((text) => [
    ...text.matchAll(/\b(?:renderPage|renderEmail|contextPage)\((?:ctx,\s*)?['"`].*|\bview: ['"`].*/g),
  ]);
  assert.deepEqual(
    byName.map(([call]) => call),
    [],
  );
});

test('templates read what their input has: all of them compile, and one that misspells a name does not', () => {
  const copy = mkdtempSync(join(tmpdir(), 'views-'));
  try {
    cpSync(folder, copy, { recursive: true });
    const error = readFileSync(join(copy, 'error.ejs'), 'utf8').replace('it.title', 'it.tilte');
    writeFileSync(join(copy, 'error.ejs'), error);
    const line = error.split('\n').findIndex((text) => text.includes('it.tilte')) + 1;
    assert.match(checkViews(copy), new RegExp(`^views/error.ejs:${line}: error TS\\d+: .*'tilte'.*\\n$`));
  } finally {
    rmSync(copy, { recursive: true });
  }
});
