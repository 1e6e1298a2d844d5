import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../src/config.js';
import { type Lifecycle, types } from '../../src/document_types/index.js';
import { fieldsIn, metaOf } from '../../src/input/fields.js';
import { languages } from '../../src/pages/languages.js';
import { LIFECYCLES } from '../../src/subjects/lifecycles.js';

/** The sentences of each language. English has only those that a number changes. */
const words = new Map(
  languages.map((language) => [
    language,
    JSON.parse(readFileSync(join(root, `views/words/${language}.json`), 'utf8')) as Record<string, string>,
  ]),
);
const translated = languages.filter((language) => language !== 'en');

const PLURAL = /_(?:zero|one|two|few|many|other)$/;

/** Which sentences a language lacks, with all plurals it has if a number decides: "fr: Pay". */
function missing(sentences: string[]): string[] {
  return translated.flatMap((language) => {
    const known = words.get(language) ?? {};
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const has = (text: string) => known[text] !== undefined || forms.every((form) => known[`${text}_${form}`]);
    return [...new Set(sentences)].filter((text) => !has(text)).map((text) => `${language}: ${text}`);
  });
}

const entries = (language: string) => Object.entries(words.get(language) ?? {});

const filesIn = (folder: string, ending: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name));

const files = (folder: string, ending: string) => filesIn(folder, ending).map((file) => readFileSync(file, 'utf8'));

/** Everything that a kind of subject says to anybody. */
function textsOf({ label, plural, stateLabels, actions, unnumbered }: Lifecycle): string[] {
  const lower = label.toLowerCase();
  const texts = [
    ...[label, plural],
    ...(unnumbered ? [`the ${lower}`] : [`${label} {{number}}`, `${lower} {{number}}`]),
    ...[`this ${lower}`, `View ${lower}`, `New ${lower}`],
    ...Object.values(stateLabels).flatMap((state) => [
      state.label,
      state.move ?? '',
      state.moveBy ?? '',
      state.awaited ?? '',
      state.awaitedBy ?? '',
      state.button ?? '',
    ]),
    ...Object.values(actions).flatMap(
      ({ summary, summaryToNamed = '', summaryOf = {}, label = '', explains = '', signs, asks }) => [
        summary,
        summary.replace('{{to}}', 'you'),
        summaryToNamed,
        ...Object.values(summaryOf),
        label,
        explains,
        signs ? `${label} and sign` : '',
        ...fieldsIn(asks).map(([, schema]) => metaOf(schema).label ?? ''),
      ],
    ),
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
  test(`${lifecycle.name}: all its texts are translated`, () => {
    assert.deepEqual(missing(textsOf(lifecycle)), []);
  });

test('due dates, tabs and next steps of document types are translated', () => {
  assert.deepEqual(missing(typeTexts), []);
});

test('a translation has the placeholders of the English sentence', () => {
  const names = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g))].toSorted();
  // Where a case would need another form of somebody's name, German may leave it out, but it can't know more.
  const differ = (language: string) => (english: string[], theirs: string[]) =>
    theirs.some((name) => !english.includes(name)) || (language !== 'de' && theirs.length !== english.length);
  const wrong = languages.flatMap((language) =>
    entries(language).filter(([english, theirs]) => differ(language)(names(english), names(theirs))),
  );
  assert.deepEqual(wrong, []);
});

/** Kinds of numbers and forms, and technical terms, which every language calls the same. */
const NUMBERS = ['ABN', 'BIC', 'EIN', 'GSTIN', 'IBAN', 'W-9', 'Routing number', 'URL', 'Webhook', 'Webhooks'];

/** What a language says as English does. */
const SHARED: Record<string, string[]> = {
  de: [
    ...[
      '(optional)',
      'Alternative',
      'Bank',
      'Format',
      'Journal',
      'Text',
      'Code',
      'Limits',
      'Manager',
      'Name',
      'Option',
      'Partner',
      'Passkey',
    ],
    ...[
      'Passkeys',
      'Person',
      'Phase',
      'Status',
      'Test',
      'Version {{version}}',
      'Website',
      '{{hours}} h',
      '{{label}}:',
      '{{role}}: {{modules}}.',
    ],
  ],
  fr: [
    ...['Photo', 'Photo {{name}}', 'Photos'],
    ...['Phase', 'Dates', 'Finances', 'Format', 'Journal', '{{hours}} h'],
    ...['Absence', 'Absences', 'Invitations', 'Signatures'],
    ...['Actions', 'Code', 'Contacts', 'Date', 'Description', 'Document', 'Documents', 'Menu', 'Message'],
    ...['Messages', 'Notifications', 'Option', 'Signature (DKIM)', 'Taxes', 'Test', 'Total', 'Type', 'Version {{n}}'],
    ...['Version', 'Version {{version}}', 'Versions', 'Zoom', 'version {{n}}'],
  ],
  es: ['Color', 'No', 'Subtotal', 'Total', 'Zoom', 'no', '{{hours}} h', '{{label}}:', '{{role}}: {{modules}}.'],
};

test('no English is left in a translation', () => {
  const english = /(?<![\p{L}-])(?:the|and|your|you|with|this|from|been|for|of|to|is|are|by)(?![\p{L}-])/u;
  const left = translated.flatMap((language) =>
    entries(language)
      .filter(
        ([key, theirs]) =>
          english.test(theirs.replaceAll(/\{\{\w+\}\}/g, '')) ||
          (theirs === key && ![...NUMBERS, ...(SHARED[language] ?? [])].includes(key)),
      )
      .map(([, theirs]) => `${language}: ${theirs}`),
  );
  assert.deepEqual(left, []);
});

test('each language is set as its printers set it: spaces, quotation marks, apostrophes', () => {
  const wrong: Record<string, RegExp> = {
    de: /'|[“][^„]*[“]|(?<![„\w])"/,
    // A narrow space before ; ! ? and a wide one before : and inside of quotation marks, none of which may break.
    fr: /'|"|[ \u00a0][;!?](?!\w)|[^\u00a0\s\d]:(?=\s|$)| :|« | »| %/,
    es: /'|"|\s[;:!?]|^[^¿]*\?|^[^¡]*!|« | »| %/,
  };
  const found = translated.flatMap((language) =>
    entries(language)
      .filter(([, theirs]) => wrong[language]?.test(theirs.replaceAll(/\{\{\w+\}\}|<[^>]*>/g, '0')))
      .map(([, theirs]) => `${language}: ${theirs}`),
  );
  assert.deepEqual(found, []);
});

test('words are sorted, so that two who add some meet in few places', () => {
  for (const language of languages)
    assert.deepEqual(Object.keys(words.get(language) ?? {}), Object.keys(words.get(language) ?? {}).toSorted());
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
  assert.deepEqual(missing(sentences.filter((sentence) => !column.test(sentence))), []);
});

/** What only machines and terminals read: answers to mail servers, logs, what a start says; what describes the API. */
const FOR_MACHINES =
  /^src\/(?:main|config|start|db|telemetry|demo|pdf|inbound\/sources|routes\/machines|subjects\/lifecycle_docs|api\/(?:description|shapes|docs_page))\b/;

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
    missing(sentencesIn(code)).map((text) => `${file}: ${text}`),
  );
  assert.deepEqual(
    untranslated.filter((text) => !/There is no such file\.$|The storage service doesn’t answer\.$/.test(text)),
    [],
  );
});

/** Where a capital letter begins no label: the words laid down for Swiss slips, parts of a PDF, pages of development, what other programs import; and headers, browsers, brands. */
const NO_LABELS =
  /^src\/(?:signing\/pades|documents\/queries\/slip_words|routes\/machines\/styleguide|routes\/limits|routes\/accounting\/(?:datev|quickbooks|xero)_\w+|pages\/(?:contractions|fonts))\b/;
const NAMES = [
  ...['Host', 'Origin', 'Referer', 'Parley', 'Google', 'Microsoft'],
  ...['American Express', 'Cartes Bancaires', 'Diners Club', 'Eftpos', 'Mastercard', 'Sandbox Bank', 'Visa'],
  ...['Chrome', 'Edge', 'Firefox', 'Opera', 'Safari', 'Samsung Internet'],
  ...['Android', 'Chromebook', 'Linux', 'Mac', 'Windows'],
];

test('every label in the sources is translated, those that reach the translator by a variable, too', () => {
  const labels = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => join('src', file))
    .filter((file) => /\.ts$/.test(file) && !FOR_MACHINES.test(file) && !NO_LABELS.test(file))
    .filter((file) => !/^src\/(?:inbound|jobs|files|mail\/outbox)\b/.test(file))
    .flatMap((file) => {
      const code = readFileSync(join(root, file), 'utf8');
      return [...code.replace(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm, '').matchAll(/'((?:[^'\\\n]|\\.)*)'/g)];
    })
    .map(([, label = '']) => label.replaceAll("\\'", "'"))
    .filter((label) => /^[A-Z][a-z’]+(?: [\w%’,-]+)*$/.test(label) && !NAMES.includes(label));
  assert.ok(labels.length > 300);
  assert.deepEqual(missing(labels), []);
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
  assert.deepEqual(missing([...said, ...maps]), []);
});

test('activities that are no action of a subject are translated', () => {
  const [source = ''] = files('src/activity', 'sentence.ts');
  const sentences = [...source.matchAll(/^ {2}\w+: '([^']+)',$/gm)].map(([, words = '']) => words);
  assert.ok(sentences.length > 20);
  assert.deepEqual(missing(sentences), []);
});

test('whatever is passed to the translator is translated', () => {
  const passed = [...files('src', '.ts'), ...files('views', '.ejs')].flatMap((text) =>
    [...text.matchAll(/\bt\(\s*'((?:[^'\\]|\\.)*)'/g)].map(([, words = '']) => words.replaceAll("\\'", "'")),
  );
  assert.ok(passed.length > 500);
  assert.deepEqual(missing(passed), []);
});

test('no text is left over', () => {
  const everything = [...files('src', '.ts'), ...files('views', '.ejs'), ...subjectTexts]
    .join('\n')
    .replaceAll("\\'", "'");
  const unused = languages.flatMap((language) =>
    Object.keys(words.get(language) ?? {})
      .filter((key) => {
        const text = key.replace(PLURAL, '');
        return !everything.includes(text) && !/^Use at most \d+ (decimals|lines)\.$/.test(text);
      })
      .map((key) => `${language}: ${key}`),
  );
  assert.deepEqual(unused, []);
});
