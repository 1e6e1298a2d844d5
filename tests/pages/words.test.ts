import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../src/config.js';
import { type Lifecycle, types } from '../../src/document_types/index.js';
import { fieldsIn, metaOf } from '../../src/input/fields.js';
import { LIFECYCLES } from '../../src/subjects/lifecycles.js';

const german = JSON.parse(readFileSync(join(root, 'views/words/de.json'), 'utf8')) as Record<string, string>;

const filesIn = (folder: string, ending: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name));

const files = (folder: string, ending: string) => filesIn(folder, ending).map((file) => readFileSync(file, 'utf8'));

/** Everything that a kind of subject says to anybody. */
function textsOf({ label, plural, stateLabels, actions }: Lifecycle): string[] {
  const lower = label.toLowerCase();
  const texts = [
    ...[label, plural, `${lower} {{number}}`, `this ${lower}`, `View ${lower}`, `New ${lower}`],
    ...Object.values(stateLabels).flatMap((state) => [
      state.label,
      state.move ?? '',
      state.moveBy ?? '',
      state.awaited ?? '',
      state.awaitedBy ?? '',
      state.button ?? '',
    ]),
    ...Object.values(actions).flatMap(({ summary, summaryToNamed = '', label = '', explains = '', signs, asks }) => [
      summary,
      summaryToNamed,
      label,
      explains,
      signs ? `${label} and sign` : '',
      ...fieldsIn(asks).map(([, schema]) => metaOf(schema).label ?? ''),
    ]),
  ];
  return texts.filter(Boolean);
}

const typeTexts = types.flatMap(({ due, tabs, nextSteps = [] }) => [
  due,
  `${due.toLowerCase()} {{date}}`,
  ...[...tabs, ...nextSteps].map(({ label }) => label),
]);
const subjectTexts = [...LIFECYCLES.flatMap(textsOf), ...typeTexts];

for (const lifecycle of LIFECYCLES)
  test(`${lifecycle.name}: all its texts are translated to German`, () => {
    assert.deepEqual(
      textsOf(lifecycle).filter((words) => german[words] === undefined),
      [],
    );
  });

test('due dates, tabs and next steps of document types are translated to German', () => {
  assert.deepEqual(
    typeTexts.filter((words) => german[words] === undefined),
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
    [
      ...text.matchAll(
        /(?:new Invalid\(\{ (?:\w+|'[\w.]+'): |new (?:Conflict|NotAllowed|HttpError)\((?:\d+, )?|const taken = |wrong\(|: \{ wrong: )'((?:[^'\\]|\\.)+)'/g,
      ),
    ].map(([, words = '']) => words.replaceAll("\\'", "'")),
  );
  // The schemas of input say what is wrong in whole sentences, and nothing else.
  const schemas = [...files('src/input', '.ts'), ...files('src/document_types/shared', 'inputs.ts')].flatMap((text) =>
    [...text.matchAll(/'([A-Z][^'\\]* [^'\\]*\.)'/g)].map(([, words = '']) => words),
  );
  sentences.push(...schemas);
  assert.ok(sentences.length > 50);
  const column = /^[a-z]+$/; // wrong('price')(…) names a field
  assert.deepEqual(
    [...new Set(sentences)].filter((words) => !column.test(words) && german[words] === undefined),
    [],
  );
});

/** What only machines and terminals read: answers to mail servers and providers, logs, what a start says. */
const FOR_MACHINES =
  /^src\/(?:main|config|start|db|demo|pdf|inbound\/sources|routes\/machines|subjects\/lifecycle_docs)\b/;

/** The sentences in a source, but for those of errors that nobody is shown; those in several pieces are joined. */
function sentencesIn(code: string): string[] {
  const spoken = code
    .replace(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
    .replace(/' \+\s+'/g, '')
    .replace(/new Error\([^]*?\)/g, '');
  const texts = [...spoken.matchAll(/'((?:[^'\\\n]|\\.)*)'/g)].map(([, text = '']) => text.replaceAll("\\'", "'"));
  return texts.filter((text) => /^(?:[A-Z“]|\{\{)[^]* [^]*[.?]$/.test(text));
}

test('every sentence that can reach a reader is translated: reasons, errors, confirmations, notices, whatever says it', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file: join('src', file), code: readFileSync(join(root, 'src', file), 'utf8') }))
    .filter(({ file }) => !FOR_MACHINES.test(file));
  const untranslated = sources.flatMap(({ file, code }) =>
    sentencesIn(code)
      .filter((text) => german[text] === undefined)
      .map((text) => `${file}: ${text}`),
  );
  assert.deepEqual(
    untranslated.filter((text) => !text.endsWith('There is no such file.')),
    [],
  );
});

test('whatever a page or an email says is translated, the staff’s too', () => {
  const views = readdirSync(join(root, 'views'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ejs') && !/styleguide|^mailbox/.test(file))
    .map((file) => readFileSync(join(root, 'views', file), 'utf8'));
  const said = [...views, ...files('src/routes', '.ts'), ...files('src/mail', '.ts')].flatMap((text) =>
    [...text.matchAll(/\bt\(\s*'((?:[^'\\]|\\.)+)'/g)].map(([, words = '']) => words.replaceAll("\\'", "'")),
  );
  const maps = ['routes/shared/layout.ts', 'routes/errors/error_page.ts'].flatMap((file) =>
    [...readFileSync(join(root, 'src', file), 'utf8').matchAll(/^ +\w+: '([A-Z][^']*)',$/gm)].map(
      ([, words = '']) => words,
    ),
  );
  assert.ok(said.length > 300 && maps.length > 30);
  assert.deepEqual(
    [...new Set([...said, ...maps])].filter((words) => german[words] === undefined),
    [],
  );
});

test('activities that are no action of a subject are translated', () => {
  const [source = ''] = files('src/activity', 'sentence.ts');
  const sentences = [...source.matchAll(/^ {2}\w+: '([^']+)',$/gm)].map(([, words = '']) => words);
  assert.ok(sentences.length > 20);
  assert.deepEqual(
    sentences.filter((words) => german[words] === undefined),
    [],
  );
});

test('whatever is passed to the translator is translated', () => {
  const passed = [...files('src', '.ts'), ...files('views', '.ejs')].flatMap((text) =>
    [...text.matchAll(/\bt\(\s*'((?:[^'\\]|\\.)*)'/g)].map(([, words = '']) => words.replaceAll("\\'", "'")),
  );
  assert.ok(passed.length > 500);
  assert.deepEqual(
    passed.filter((words) => german[words] === undefined),
    [],
  );
});

test('no German text is left over', () => {
  const everything = [...files('src', '.ts'), ...files('views', '.ejs'), ...subjectTexts]
    .join('\n')
    .replaceAll("\\'", "'");
  const unused = Object.keys(german).filter(
    (words) =>
      !everything.includes(words) &&
      !/^Use at most \d+ (decimals|lines)\.$/.test(words) &&
      !subjectTexts.includes(words),
  );
  assert.deepEqual(unused, []);
});
