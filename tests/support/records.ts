import type { MxRecord } from 'node:dns';
import type { Lookup } from '../../src/mail/deliverability/dns.js';

/** DNS as a test wants it: "TXT mail.example" and what stands there; `null`: it doesn't answer. */
export type Records = Record<string, string[] | null>;

/** Answers as DNS does from records that may change meanwhile. */
export const lookupIn =
  (records: Records): Lookup =>
  (name, type) => {
    const found = records[`${type} ${name}`];
    if (found === null) return Promise.reject(Object.assign(new Error('no answer'), { code: 'ETIMEOUT' }));
    if (!found) return Promise.reject(Object.assign(new Error(`no ${type} for ${name}`), { code: 'ENOTFOUND' }));
    if (type === 'MX')
      return Promise.resolve(
        found.map((line): MxRecord => ({ priority: Number(line.split(' ')[0]), exchange: line.split(' ')[1] ?? '' })),
      );
    // Long texts come in parts.
    return Promise.resolve(type === 'TXT' ? found.map((text) => text.match(/.{1,255}/gs) ?? []) : found);
  };
