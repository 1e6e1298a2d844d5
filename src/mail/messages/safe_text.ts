import { withoutTokens } from '../../input/own_secrets.js';

// What turns the text around a name, too.
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/gu;
// oxlint-disable-next-line no-control-regex -- matched to be removed
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/gu;
const INVISIBLE = /[\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff\u{e0000}-\u{e007f}]/gu;

/** What people typed, made safe for a reader: it turns no text around, and holds no secret of ours. */
const safeText = (text: string) => withoutTokens(text).replace(DIRECTION, '').replace(CONTROL, ' ');

/** The same for all texts of an email, however deep; our own links, in `url`, stay as they are. */
export function safeTexts<Value>(value: Value): Value {
  const safe = (one: unknown, name = ''): unknown => {
    if (typeof one === 'string') return name === 'url' ? one : safeText(one);
    if (Array.isArray(one)) return one.map((part) => safe(part));
    if (one === null || typeof one !== 'object' || one instanceof Date) return one;
    return Object.fromEntries(Object.entries(one).map(([key, part]) => [key, safe(part, key)]));
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of the same shape
  return safe(value) as Value;
}

/** Text made safe for a header: one line of at most `length` characters, without any that can't be seen. */
export const oneLine = (text: string, length = 200): string => {
  const line = safeText(text)
    .replace(INVISIBLE, '')
    .replace(/[\s\p{Surrogate}]+/gu, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : line;
};
