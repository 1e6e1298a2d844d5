import { shownAddress } from '../../../input/email_address.js';

/** Characters that stand for each other, as they are typed or encoded in links and HTML. */
const ALIKE: Readonly<Record<string, string>> = {
  "'": String.raw`(?:['’ʼ]|&#39;|&apos;)`,
  '’': String.raw`(?:['’ʼ]|&#39;|&apos;)`,
  '-': String.raw`[-‐‑]`,
  '&': String.raw`(?:&amp;|&|%26)`,
  '"': String.raw`(?:"|&quot;|%22)`,
  '<': String.raw`(?:<|&lt;)`,
  '>': String.raw`(?:>|&gt;)`,
  '@': String.raw`(?:@|%40|=40|&#64;)`,
  '.': String.raw`(?:\.|\[\.\]|%2E)`,
  '+': String.raw`(?:\+|%2B)`,
};
const SPACE = String.raw`(?:[\s_+-]|%20|&nbsp;)+`;

// What was encoded before it ends in letters or digits, too.
const BEGIN = String.raw`(?:(?<![\p{L}\p{N}\p{M}])|(?<=%[0-9a-f]{2}))`;
const END = String.raw`(?![\p{L}\p{N}\p{M}])`;
const ADDRESS_BEGIN = String.raw`(?:(?<![\p{L}\p{N}_+-]|[\p{L}\p{N}_+-]\.)|(?<=%[0-9a-f]{2}))`;
const ADDRESS_END = String.raw`(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}])`;

/** Full names of two words or more, in either order, wherever they stand as whole words; null if there are none. */
export function namesPattern(names: readonly string[]): RegExp | null {
  const spellings = names.flatMap((name) => {
    const words = wordsOf(name);
    const [last, first] = [words.at(-1), words.slice(0, -1)];
    return first.length ? [words, [...first.with(0, `${last}, ${first[0]}`)]] : [];
  });
  return patternOf(
    spellings.map((words) => words.map(spelled).join(SPACE)),
    [BEGIN, END],
  );
}

/** These addresses, wherever they stand as a whole; null if there are none. */
export const addressesPattern = (addresses: readonly string[]): RegExp | null =>
  patternOf(
    addresses.flatMap((address) => [...new Set([address, shownAddress(address)])].map(spelled)),
    [ADDRESS_BEGIN, ADDRESS_END],
  );

const patternOf = (spellings: string[], [begin, end]: [string, string]): RegExp | null =>
  spellings.length
    ? new RegExp(`${begin}(?:${spellings.toSorted((a, b) => b.length - a.length).join('|')})${end}`, 'giu')
    : null;

const wordsOf = (name: string): string[] => name.normalize('NFC').split(/\s+/).filter(Boolean);

/** Each character composed or not, plain or encoded. */
const spelled = (text: string): string =>
  Array.from(text.normalize('NFC'), (character) => {
    if (/\s/.test(character)) return SPACE;
    const known = ALIKE[character];
    if (known) return known;
    const ways = [character, character.normalize('NFD'), encodeURIComponent(character)].map(escaped);
    const [only, ...others] = [...new Set(ways)];
    return others.length ? `(?:${[only, ...others].join('|')})` : only;
  }).join('');

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);

/** A value as it is compared with a name: without regard to case, spaces and how accents are composed. */
export const folded = (text: string): string => wordsOf(text).join(' ').toLowerCase();
