import type { Line } from '../line.js';

/** What is known of the message being answered, and of who answers. */
export interface ReplyContext {
  /** The plain text of the message being answered. */
  readonly text?: string;
  /** The subject of the answer; one that says "Fwd:" keeps what is passed on. */
  readonly subject?: string;
  /** The display name of who wrote the answer. */
  readonly sender?: string;
  /** How earlier messages of the same sender ended, below what they wrote: signatures, legal footers, as plain text. */
  readonly tails?: readonly string[];
}

/** How a line stands to the message being answered: of it, newly written, both in one line, or without words. */
export type Standing = 'known' | 'fresh' | 'mixed' | 'silent';

export interface Answered {
  /** Judges a line by its words alone: clients wrap and mark lines anew, and scanners rewrite their links. */
  standing(line: Line): Standing;
  /** How many words of a line follow no word that they follow there. */
  fresh(line: Line): number;
  /** Whether a line holds how the message begins. */
  begins(line: Line): boolean;
  /** What share of the message stands in these lines. */
  share(lines: readonly Line[]): number;
}

const LONGEST = 2000;
const FIRST_WORDS = 4;
// Links, and what a client left of one that it broke over lines.
const LINKS = /(?:https?:\/\/|www\.|mailto:)\S+|\S*[%=&]\S*[%=&]\S*|\S{60,}/g;
const INVISIBLE = /\p{Cf}/gu;
const WORD = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[\p{L}\p{M}\p{N}]+/gu;

/** Remembers the message being answered by its pairs of words. Null when it is not known. Linear in both. */
export function rememberAnswered(text: string | undefined): Answered | null {
  const answered = wordsOf(text ?? '');
  if (answered.length < 4) return null;
  const pairs = new Set(pairsOf(answered));
  const single = new Set(answered);
  return {
    standing: (line) => (line.text.length > LONGEST ? 'fresh' : standing(wordsOf(line.text), pairs, single)),
    fresh: (line) => freshWords(wordsOf(line.text), pairs, single),
    begins: (line) =>
      line.text.length <= LONGEST &&
      ` ${wordsOf(line.text).join(' ')} `.includes(` ${answered.slice(0, FIRST_WORDS).join(' ')} `),
    share: (lines) => {
      const found = new Set(pairsOf(lines.flatMap((line) => wordsOf(line.text.slice(0, LONGEST)))));
      return [...pairs].filter((pair) => found.has(pair)).length / pairs.size;
    },
  };
}

function standing(words: readonly string[], pairs: ReadonlySet<string>, single: ReadonlySet<string>): Standing {
  if (words.length === 0) return 'silent';
  const fresh = freshWords(words, pairs, single);
  // One word in five may have been changed on the way.
  if (fresh === 0 || (fresh === 1 && words.length >= 5)) return 'known';
  return words.length - fresh >= 3 ? 'mixed' : 'fresh';
}

function freshWords(words: readonly string[], pairs: ReadonlySet<string>, single: ReadonlySet<string>): number {
  if (words.length < 2) return words.filter((word) => !single.has(word)).length;
  const follows = pairsOf(words).map((pair) => pairs.has(pair));
  return words.filter((_, i) => !follows[i] && !follows[i - 1]).length;
}

function pairsOf(words: readonly string[]): string[] {
  return words.slice(1).map((word, i) => `${words[i]} ${word}`);
}

/** The words of a text in lower case, without links; a character each where a script puts no spaces. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().replace(INVISIBLE, '').replace(LINKS, ' ').match(WORD) ?? [];
}
