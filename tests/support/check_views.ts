import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { root } from '../../src/config.js';

/**
 * Type-checks the templates: each becomes a TypeScript function whose `it` has the type of the view's input, so that
 * a misspelt `it.tilte` does not compile. Components have the types of `Components`, layouts those of `Layouts`, pages
 * and emails those of their `defineView`; other partials are checked in place, with what they are passed. Returns the
 * compiler's messages, by template and line.
 */
export function checkViews(views = join(root, 'views')): string {
  const out = mkdtempSync(join(root, 'build/views-'));
  try {
    const sources = new Map<string, Source>();
    for (const file of filesIn(views, /\.ejs$/)) {
      const type = typeOf(file);
      if (type) sources.set(`${sources.size}.ts`, new Source(views, file, type));
    }
    for (const [name, { text }] of sources) writeFileSync(join(out, name), text);
    writeFileSync(join(out, 'prelude.ts'), prelude(views));
    writeFileSync(join(out, 'tsconfig.json'), JSON.stringify(CONFIG));
    return messagesOf(out, sources);
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** What the compiler says of the templates; src is checked with its own, stricter options. */
function messagesOf(out: string, sources: Map<string, Source>): string {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', out, '--pretty', 'false'], { encoding: 'utf8' });
  const messages = stdout.split(/\n(?! )/).flatMap((message) => {
    const [, name = '', line = '', rest = ''] = /^build\/views-\w+\/([\w.]+)\((\d+),\d+\): (.*)/s.exec(message) ?? [];
    const origin = sources.get(name)?.origins[Number(line) - 1];
    return rest ? `${origin ? `views/${origin.file}:${origin.line}` : name}: ${rest}\n` : [];
  });
  return messages.join('');
}

/** Templates are plain JavaScript: their own small functions have untyped parameters. */
const CONFIG = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    rootDir: '../..',
    noImplicitAny: false,
    noUncheckedIndexedAccess: false,
    exactOptionalPropertyTypes: false,
  },
  include: ['.', '../../src/app.ts'],
};

/** The names that the templates' functions use. Every key of `Components` must have its file. */
function prelude(views: string): string {
  const files = filesIn(join(views, 'components'), /\.ejs$/).map((file) => `${basename(file, '.ejs')}: true`);
  return `
import type { Components } from '../../src/pages/views/components.js';
import type { Tools } from '../../src/pages/views/render.js';
export type { Components };
export type Given<Input> = Input & Tools;
export type Ambient<It> = Tools & (It extends { page: infer Page } ? { page: Page } : object);
export declare function print(value: string | number | boolean | null | undefined): void;
export declare function include<Input>(input: Input & Partial<Tools>): void;
export const files = { ${files.join(', ')} } as const;
files satisfies Record<keyof Components, true> & Record<string, true>;
declare global {
  interface Array<T> { filter(predicate: BooleanConstructor): Exclude<T, false | '' | 0 | null | undefined>[] }
}
`;
}

/** Sees what it is passed, and what every partial sees. */
const INLINE = `const inline = <Input extends object>(input: Input, body: (it: Input & Ambient<It>) => void) => {};`;
const opening = (type: string) =>
  `import { type Given, type Ambient, type Components, print, include } from './prelude.js'; ` +
  `type It = Given<${type}>; ${INLINE} export const template = (it: It) => { `;

const SRC = '../../src';
const components = new Set(keysOf('components.ts', 'Components'));
const layouts = new Set(keysOf('layouts.ts', 'Layouts'));

function keysOf(file: string, name: string): string[] {
  const text = readFileSync(join(root, 'src/pages/views', file), 'utf8');
  const [, block = ''] = new RegExp(`^export interface ${name} \\{(.*?)^\\}`, 'ms').exec(text) ?? [];
  return [...block.matchAll(/^ {2}(\w+):/gm)].map(([, key = '']) => key);
}

/** The type of a template's input, as TypeScript; undefined if only its include says what it is. */
function typeOf(file: string): string | undefined {
  const name = basename(file).replace(/(\.html|\.txt)?\.ejs$/, '');
  if (isComponent(file)) return `Components['${name}']`;
  if ((file.startsWith('layouts/') || file.startsWith('emails/layout.')) && layouts.has(name))
    return `import('${SRC}/pages/views/layouts.js').Layouts['${name}']`;
  const view = views().get(join(dirname(file), name));
  // The samples of the style guide leave out what a component can be shown without.
  return view && name !== 'styleguide' ? `import('${SRC}/pages/views/render.js').InputOf<${view}>` : undefined;
}

const isComponent = (file: string) => file.startsWith('components/') && components.has(basename(file, '.ejs'));

/** The views that src defines, by name, as TypeScript. */
export const views = (): Map<string, string> =>
  new Map(
    filesIn(join(root, 'src'), /\.ts$/).flatMap((file) =>
      [...readFileSync(join(root, 'src', file), 'utf8').matchAll(DEFINITION)].map(([, constant = '', view = '']) => [
        view,
        `typeof import('${SRC}/${file.replace(/ts$/, 'js')}').${constant}`,
      ]),
    ),
  );

const DEFINITION = /^export const (\w+) = defineView<[^()]*>\(\s*'([^']+)'/gm;

export const filesIn = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

/** A template as TypeScript, with the template and line that each line of it comes from. */
class Source {
  text = '';
  readonly origins: { file: string; line: number }[] = [];

  constructor(
    private readonly views: string,
    file: string,
    type: string,
  ) {
    this.add(opening(type), file, 1);
    this.addTemplate(file);
    this.text += '};\n';
  }

  private add(code: string, file: string, line: number): void {
    for (const [index, part] of code.split('\n').entries()) {
      if (index || !this.text) this.origins.push({ file, line: line + index });
      this.text += index ? `\n${part}` : part;
    }
  }

  /** Text becomes line breaks, `<%= x %>` becomes `print(x);`, and code stays as it is. */
  private addTemplate(file: string): void {
    const template = readFileSync(join(this.views, file), 'utf8');
    let line = 1;
    for (const [whole, mark, code = ''] of template.matchAll(/<%([=#_-]?)(.*?)[-_]?%>|.+?(?=<%|$(?![^]))/gs)) {
      if (mark === undefined || mark === '#') this.add(whole.replace(/[^\n]+/g, ''), file, line);
      else if (mark === '=' || mark === '-') this.addOutput(code, file, line);
      else this.add(`${code} `, file, line);
      line += whole.split('\n').length - 1;
    }
  }

  private addOutput(code: string, file: string, line: number): void {
    const [, name, passed = ''] = /^\s*include\('([^']+)'(?:,(.*))?\)\s*$/s.exec(code) ?? [];
    if (!name) return this.add(`print(${code}); `, file, line);
    const input = passed.replace(/,(\s*)$/, '$1').trim() ? passed.replace(/,(\s*)$/, '$1') : '{}';
    const partial = normalize(join(dirname(file), name.endsWith('.ejs') ? name : `${name}.ejs`));
    if (isComponent(partial))
      return this.add(`include<Components['${basename(partial, '.ejs')}']>(${input}); `, file, line);
    this.add(`inline(${input}, (it) => { `, file, line);
    this.addTemplate(partial);
    this.text += '\n';
    this.origins.push({ file, line: line + code.split('\n').length - 1 });
    this.add('}); ', file, line);
  }
}

if (process.argv[1] === import.meta.filename) {
  const messages = checkViews();
  process.stdout.write(messages);
  process.exitCode = messages ? 1 : 0;
}
