import assert from 'node:assert/strict';
import type { Response, Test } from 'supertest';
import type { Browser } from './portal.js';

export type Fields = Record<string, unknown>;

/** The pages with the forms of acts that a document's own page hasn't. */
const FORM_PAGES: Record<string, string> = { send: '/preview', award: '/compare', pay: '/pay' };

/** What the page says that its reader saw, as its forms carry it; nothing if there is no such page. */
export async function shownTo(agent: Browser, path: string): Promise<Fields> {
  const [, document = '', action = ''] = /^(\/[^/]+\/documents\/[^/]+)\/(\w+)$/.exec(path) ?? [];
  if (!document) return {};
  const { status, text } = await agent.get(document + (FORM_PAGES[action] ?? ''));
  const own = FORM_PAGES[action] && status !== 200 ? (await agent.get(document)).text : text;
  const fields = Object.entries(fieldsOf(own)).filter(([name]) => /^seen(_|$)/.test(name));
  // A composer says nothing.
  return Object.fromEntries(
    fields.flatMap(([name, values]) => (values.find(Boolean) ? [[name, values.find(Boolean)]] : [])),
  );
}

/** A form under way: what comes of it is the caller's to expect. */
interface Pressed extends PromiseLike<Response> {
  expect(...expected: [number | RegExp] | [number | string, string | RegExp]): Pressed;
}

/** Presses a form's button, with its page open, unless its fields say what was `seen`. */
export function press(agent: Browser, path: string, fields: Fields = {}): Pressed {
  const wanted: ((sending: Test) => void)[] = [];
  const send = async () => {
    const shown = 'seen' in fields ? {} : await shownTo(agent, path);
    const sending = agent
      .post(path)
      .type('form')
      .send({ ...shown, ...fields });
    for (const expects of wanted) expects(sending);
    return sending;
  };
  const pressed: Pressed = {
    expect(...expected) {
      wanted.push((sending) => sending.expect(...(expected as [number, string])));
      return pressed;
    },
    then: (...done) => send().then(...done),
  };
  return pressed;
}

/** Presses the button of a page's form with what stands in it, but for these fields. `to`: where it is sent. */
export async function pressFilled(agent: Browser, path: string, fields: Fields = {}, to = path): Promise<Response> {
  const found = Object.entries(fieldsOf((await agent.get(path)).text)).filter(([name]) => name !== 'form_token');
  const filled = Object.fromEntries(found.map(([name, values]) => [name, values[0]]));
  return agent
    .post(to)
    .type('form')
    .send({ ...filled, ...fields });
}

/** Posts a form as a browser does, and expects to be led on. Returns the path. */
export async function post(agent: Browser, path: string, fields: Fields = {}): Promise<string> {
  const { status, headers, text } = await press(agent, path, fields);
  assert.equal(status, 303, `${path}: ${status} ${errorsIn(text).join(' ')}`);
  return String(headers['location']).split('?')[0] ?? '';
}

/** Posts a form that must not succeed. Returns the page that came back. */
export async function refused(agent: Browser, path: string, status: number, fields: Fields = {}): Promise<string> {
  const answer = await press(agent, path, fields);
  assert.equal(answer.status, status, errorsIn(answer.text).join(' '));
  return answer.text;
}

export const errorsIn = (html: string) =>
  [...html.matchAll(/<p class="error[^>]*>([^<]*)</g)].map(([, words = '']) => words);

/** What a page says, in one line. */
export const textOf = (html: string) =>
  decoded(
    html
      .replace(/<script[\s\S]*?<\/script>/g, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' '),
  );

export const decoded = (html: string) =>
  html
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

/** The hash of what a page shows, which its forms carry. */
export function seenOn({ text }: { text: string }): string {
  const [, seen] = /name="seen" value="([0-9a-f]{64})"/.exec(text) ?? [];
  assert.ok(seen, 'no form on the page says what was seen');
  return seen;
}

/** The ids of the lines that a page asks about, in order. */
export const lineIds = (html: string) =>
  [...html.matchAll(/name="line_id\[\]" value="([^"]+)"/g)].map(([, id = '']) => id);

/** The values of a form's fields by name, as a browser would send them. */
export function fieldsOf(html: string): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  const add = (name: string, value: string) => (fields[name] = [...(fields[name] ?? []), decoded(value)]);
  for (const [tag] of html.matchAll(/<input\b[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(tag)?.[1];
    const box = /type="(checkbox|radio)"/.test(tag);
    if (name && (!box || /\schecked/.test(tag))) add(name, /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? '');
  }
  for (const [, tag = '', text = ''] of html.matchAll(/<textarea\b([^>]*)>([^<]*)<\/textarea>/g))
    add(/\bname="([^"]*)"/.exec(tag)?.[1] ?? '', text);
  for (const [, name = '', options = ''] of html.matchAll(/<select\b[^>]*\bname="([^"]*)"[^>]*>(.*?)<\/select>/gs)) {
    add(name, /value="([^"]*)" selected/.exec(options)?.[1] ?? '');
  }
  return fields;
}
