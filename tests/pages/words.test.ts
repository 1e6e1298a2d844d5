import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../src/config.js';
import { type DocumentType, types } from '../../src/document_types/index.js';

const german = JSON.parse(readFileSync(join(root, 'views/words/de.json'), 'utf8')) as Record<string, string>;

const files = (folder: string, ending: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));

/** Everything that a type says to anybody. */
function saidBy({ label, plural, due, stateLabels, tabs, nextSteps = [], actions }: DocumentType): string[] {
  const lower = label.toLowerCase();
  const texts = [
    ...[
      label,
      plural,
      due,
      `${due.toLowerCase()} {{date}}`,
      `${lower} {{number}}`,
      `this ${lower}`,
      `View ${lower}`,
      `New ${lower}`,
    ],
    ...Object.values(stateLabels).flatMap((state) => [
      state.label,
      state.move ?? '',
      state.moveBy ?? '',
      state.awaited ?? '',
      state.awaitedBy ?? '',
      state.button ?? '',
    ]),
    ...[...tabs, ...nextSteps].map(({ label }) => label),
    ...Object.values(actions).flatMap(({ summary, summaryToNamed = '', label = '', explains = '', signs }) => [
      summary,
      summaryToNamed,
      label,
      explains,
      signs ? `${label} and sign` : '',
    ]),
  ];
  return texts.filter(Boolean);
}

for (const type of types)
  test(`${type.name}: all its texts are translated to German`, () => {
    assert.deepEqual(
      saidBy(type).filter((words) => german[words] === undefined),
      [],
    );
  });

test('a German text has the placeholders of the English one', () => {
  const names = (words: string) => [...words.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
  // Where a case would need another form of somebody's name, German may leave it out, but it can't know more.
  const more = Object.entries(german).filter(([english, words]) =>
    names(words).some((name) => !names(english).includes(name)),
  );
  assert.deepEqual(more, []);
});

test('validation errors are translated', () => {
  const sentences = files('src', '.ts').flatMap((text) =>
    [...text.matchAll(/(?:new Invalid\(\{ \w+: |wrong\(|: \{ wrong: )'((?:[^'\\]|\\.)+)'/g)].map(([, words = '']) =>
      words.replaceAll("\\'", "'"),
    ),
  );
  assert.ok(sentences.length > 30);
  const column = /^[a-z]+$/; // wrong('price')(…) names a field
  assert.deepEqual(
    [...new Set(sentences)].filter((words) => !column.test(words) && german[words] === undefined),
    [],
  );
});

test('no German text is left over', () => {
  const everything = [...files('src', '.ts'), ...files('views', '.ejs'), ...types.flatMap(saidBy)]
    .join('\n')
    .replaceAll("\\'", "'");
  const unused = Object.keys(german).filter(
    (words) =>
      !everything.includes(words) &&
      !/^Use at most \d+ (decimals|lines)\.$/.test(words) &&
      !types.some((type) => saidBy(type).includes(words)),
  );
  assert.deepEqual(unused, []);
});
