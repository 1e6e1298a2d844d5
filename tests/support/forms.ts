import assert from 'node:assert/strict';
import type { Browser } from './portal.js';

export type Fields = Record<string, unknown>;

/** Presses a form's button. What comes of it is the caller's to expect. */
export const press = (agent: Browser, path: string, fields: Fields = {}) => agent.post(path).type('form').send(fields);

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
