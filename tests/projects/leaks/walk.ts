import type { ReceivedEmail } from '../../support/post_office.js';
import type { Browser, Portal } from '../../support/portal.js';
import { MATRIX } from '../../support/route_matrix.js';
import type { Clinic } from './clinic.js';

/** Something that a reader gets: where, and all that is in it. */
export interface Answer {
  from: string;
  text: string;
}

/** What stands for each part of a route's path: all that there is of it, whoever's it is. */
type Names = readonly (readonly [part: string, values: readonly string[]])[];

/** Everything in the organization by which an address can be guessed. */
export async function namesIn(portal: Portal, { home, volt, zeb, voltman, petra }: Clinic): Promise<Names> {
  const found = await portal.look(home.organization_id, async (db) => {
    const pluck = (table: string, column: string): Promise<string[]> => db(table).pluck(column);
    return {
      tasks: await pluck('tasks', 'number'),
      events: await pluck('events', 'number'),
      series: await pluck('project_files', 'series'),
      logs: await pluck('project_logs', 'id'),
      files: await pluck('files', 'id'),
      documents: await db('documents').whereNotNull('number').pluck<string[]>('number'),
    };
  });
  const people = [home.maya.id, ...[zeb, voltman, petra].map(({ person_id }) => String(person_id))];
  return [
    [':organization', [home.slug]],
    [':key/details/files/:file', found.series.map((id) => `MAPLE/details/files/${id}`)],
    [':key/log/:log', found.logs.map((id) => `MAPLE/log/${id}`)],
    ['tasks/:key', found.tasks.map((number) => `tasks/${number}`)],
    ['events/:key', found.events.map((number) => `events/${number}`)],
    ['projects/:key', ['projects/MAPLE']],
    ['documents/:key', found.documents.map((number) => `documents/${number}`)],
    [':version', ['1']],
    ['pictures/:id', found.files.map((id) => `pictures/${id}`)],
    ['files/:id/:name', found.files.map((id) => `files/${id}/file`)],
    [':partner', [home.partner_id, volt]],
    [':person', people],
    [':contact', people],
  ];
}

/** The paths of a route, with everything in the place of its parameters; none if it names something else. */
function pathsOf(route: string, names: Names): string[] {
  const [part, values] = names.find(([part]) => route.includes(part)) ?? [];
  if (part && values) return values.flatMap((value) => pathsOf(route.replace(part, value), names));
  return route.includes(':') ? [] : [route];
}

/** What is looked for in lists: beginnings of the secret words, which an echo of the question doesn't complete. */
const SEARCHES = ['zq', 'may', '7319'];
const LISTS =
  /\/(documents|projects|estimates|invoices|purchase-orders|change-orders|notifications|shared-files|search)$/;

/** All addresses that are worth a try: of each route of the app, new ones as well. */
export function addresses(names: Names): string[] {
  const routes = Object.keys(MATRIX).filter(
    (route) => route.startsWith('GET /:organization') && !route.endsWith('/live') && !route.includes('/payment-runs'),
  );
  const paths = routes.flatMap((route) => pathsOf(route.replace('GET ', ''), names));
  const searched = paths
    .filter((path) => LISTS.test(path))
    .flatMap((path) => [`${path}?format=csv`, ...SEARCHES.map((words) => `${path}?q=${words}`)]);
  return [...new Set([...paths, ...searched])];
}

/** Those of them that could tell of a project. */
export const aboutProjects = (paths: readonly string[]): string[] =>
  paths.filter(
    (path) =>
      /^\/[^/]+(\/(projects|tasks|events|calendar|notifications|files|pictures|desk|search)\b|$)/.test(path) &&
      !/(?<!\/search)\?q=/.test(path),
  );

const LINKS = /(?:href|src|action|data-[\w-]+|hx-get)="(\/[^"#]+)/g;
/** Of pages with many links, such as calendars of all months, so many are followed. */
const MOST = 120;

/** Opens every address, and what the answers lead to. */
export async function walk(browser: Browser, start: readonly string[], slug: string): Promise<Answer[]> {
  const waiting = [...start];
  const known = new Set(waiting);
  const answers: Answer[] = [];
  for (let path = waiting.shift(); path !== undefined && answers.length < start.length + MOST; path = waiting.shift()) {
    const answer = await browser.get(path).buffer(true);
    const body = Buffer.isBuffer(answer.body) ? answer.body.toString('latin1') : '';
    answers.push({
      from: `${answer.status} ${path}`,
      text: plain(`${JSON.stringify(answer.headers)}${answer.text ?? ''}${body}`),
    });
    if (answer.status >= 500) throw new Error(`${path}: ${answer.status}`);
    for (const [, found = ''] of (answer.text ?? '').matchAll(LINKS)) {
      const next = found.replaceAll('&amp;', '&');
      if (!next.startsWith(`/${slug}`) || known.has(next) || /\/live\b|[?&](on|from)=|sign-out/.test(next)) continue;
      known.add(next);
      waiting.push(next);
    }
  }
  return answers;
}

/** As its reader has it, without what stands for signs, and whole where a part is marked. */
const plain = (text: string) =>
  text
    .replaceAll('&amp;', '&')
    .replaceAll('&#39;', "'")
    .replace(/<\/?mark>/g, '');

/** Emails, with all their parts. */
export const mailOf = (emails: readonly ReceivedEmail[], address: string): Answer[] =>
  emails
    .filter(({ recipient }) => recipient === address)
    .map((email) => ({
      from: `email “${email.subject}”`,
      text: [
        ...[email.raw, email.subject, email.text, email.html || ''],
        ...email.attachments.map(
          ({ content, filename }) => `${filename}${content.toString('latin1').replaceAll('\r\n ', '')}`,
        ),
      ].join('\n'),
    }));

/** Which of the words an answer has, and where: one line each. */
export function found(answers: readonly Answer[], words: readonly string[]): string[] {
  const patterns = words.map((word) => [word, wordOf(word)] as const);
  return answers.flatMap(({ from, text }) =>
    patterns.filter(([, pattern]) => pattern.test(text)).map(([word]) => `${word} in ${from}`),
  );
}

/** Whole words: "Zqvolt" is none in "Zqvolttask". Digits may be a part of an id. */
const wordOf = (word: string) => new RegExp(`(?<![\\w-])${word.replaceAll('.', '\\.')}(?![a-z\\d-])`, 'i');
