/** A subject without what programs put around it, and whether they say that it answers or forwards another. */
export interface Base {
  base: string;
  is_reply: boolean;
}

const BLOB = String.raw`\[[^[\]]*\]\s*`;
const LEADER = new RegExp(String.raw`^(?:\s+|(?:${BLOB})*(?:re|fwd?)\s*(?:${BLOB})?:)`, 'i');
const TRAILER = /(?:\(fwd\)|\s)$/i;

/** The base subject of RFC 5256 §2.1. Words in brackets before it, such as a list's name, are no part of it. */
export function baseSubject(subject: string): Base {
  let [base, is_reply] = [subject.replace(/\s+/g, ' '), false];
  const take = (pattern: RegExp, marks: boolean) => {
    const rest = base.replace(pattern, '');
    if (rest === base) return false;
    is_reply ||= marks && /[^\s]/.test(base.slice(0, base.length - rest.length));
    base = rest;
    return true;
  };
  for (;;) {
    while (take(TRAILER, true));
    do while (take(LEADER, true));
    while (base.replace(new RegExp(`^${BLOB}`), '') !== '' && take(new RegExp(`^${BLOB}`), false));
    const inner = /^\[fwd:(.*)\]$/i.exec(base)?.[1];
    if (inner === undefined) return { base: base.toLowerCase(), is_reply };
    [base, is_reply] = [inner, true];
  }
}

/** The subject that Jamie Zawinski's algorithm compares: without "Re:" and "Re[4]:", in any number. */
export function strippedSubject(subject: string): Base {
  const base = subject.replace(/^(?:\s*re(?:\[\d+\])?:\s*)+/i, '');
  return { base: base.trim(), is_reply: base !== subject };
}

const PREFIXES = [
  're',
  'fwd?',
  'aw',
  'antwort',
  'wg',
  'sv',
  'vs',
  'vb',
  'tr',
  'rif',
  'r',
  'i',
  'res',
  'enc',
  'rv',
  'odp',
  'pd',
  'antw',
  'doorst',
  'ynt',
  'ilt',
  '回复',
  '答复',
  '转发',
  '返信',
  '転送',
  '회신',
  'ответ',
  'отв',
];
const ANY = new RegExp(String.raw`^(?:\s*(?:${PREFIXES.join('|')})(?:\[\d+\])?\s*[:：]\s*)+`, 'iu');

/** The subject as webmail compares it: without the prefixes of any language. */
export const plainSubject = (subject: string) => subject.replace(ANY, '').replace(/\s+/g, ' ').trim().toLowerCase();
