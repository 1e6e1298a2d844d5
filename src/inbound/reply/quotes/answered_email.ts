import { plainDigits } from '../line.js';
import type { Line } from '../line.js';
import { alignedWords } from './aligned.js';

/** What we know about the message being answered and about the sender of the answer. */
export interface ReplyContext {
  /** The plain text of the message being answered. */
  readonly text?: string;
  /** The texts of others in the same conversation: a client may quote one of them instead, or too. */
  readonly others?: readonly string[];
  /** Whether it answers a message at all. Undefined: not known. */
  readonly answers?: boolean;
  /** The subject of the answer; with "Fwd:", forwarded text is kept. */
  readonly subject?: string;
  /** The display name of the answer's sender. */
  readonly sender?: string;
  /** The endings of the sender's earlier messages (signatures, legal footers) as plain text, from `tailOf`. */
  readonly tails?: readonly string[];
}

/** Whether a line's words come from the message being answered, are new, are both, or are missing. */
export type Origin = 'quoted' | 'new' | 'mixed' | 'wordless';

export interface Answered {
  /** Compares only words, since clients rewrap and mark lines, and scanners rewrite links. */
  origin(line: Line): Origin;
  /** The same for lines that hold the message, in its order: what is repeated in them was typed. */
  origins(lines: readonly Line[]): Origin[];
  /** Counts the words of a line that don't appear next to the same word in the message. */
  newWords(line: Line): number;
  /** Whether a line contains the first words of the message. */
  begins(line: Line): boolean;
  /** The share of the message's word pairs that appear in these lines, from 0 to 1. */
  share(lines: readonly Line[]): number;
}

const MAX_LENGTH = 2000;
const FIRST_WORDS = 4;
// Links, and fragments of links that a client broke over lines.
const LINKS = /(?:https?:\/\/|www\.|mailto:)\S+|\S*[%=&]\S*[%=&]\S*|\S{60,}/g;
const INVISIBLE = /\p{Cf}/gu;
const WORD = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[\p{L}\p{M}\p{N}]+/gu;

/** Indexes the message being answered by its word pairs. Returns null if it is unknown or too short. Linear time. */
export function indexAnswered(text: string | undefined): Answered | null {
  const answered = wordsOf(text ?? '');
  if (answered.length < 4) return null;
  const pairs = new Set(pairsOf(answered));
  const single = new Set(answered);
  return {
    origin: (line) => (line.text.length > MAX_LENGTH ? 'new' : origin(wordsOf(line.text), pairs, single)),
    origins: (lines) => alignedOrigins(lines, answered, (words) => origin(words, pairs, single)),
    newWords: (line) => countNewWords(wordsOf(line.text), pairs, single),
    begins: (line) =>
      line.text.length <= MAX_LENGTH &&
      ` ${wordsOf(line.text).join(' ')} `.includes(` ${answered.slice(0, FIRST_WORDS).join(' ')} `),
    share: (lines) => {
      const found = new Set(pairsOf(lines.flatMap((line) => wordsOf(line.text.slice(0, MAX_LENGTH)))));
      return [...pairs].filter((pair) => found.has(pair)).length / pairs.size;
    },
  };
}

function origin(words: readonly string[], pairs: ReadonlySet<string>, single: ReadonlySet<string>): Origin {
  if (words.length === 0) return 'wordless';
  const count = countNewWords(words, pairs, single);
  // One word in five may have been changed in transit.
  if (count === 0 || (count === 1 && words.length >= 5)) return 'quoted';
  return words.length - count >= 3 ? 'mixed' : 'new';
}

/** Up to so many words may be said again; more than that are the message's own, though in another order. */
const MAX_SAID_AGAIN = 3;

function alignedOrigins(
  lines: readonly Line[],
  answered: readonly string[],
  anywhere: (words: readonly string[]) => Origin,
): Origin[] {
  const written = lines.map((line) => (line.text.length > MAX_LENGTH ? [] : wordsOf(line.text)));
  const matched = alignedWords(answered, written.flat());
  let from = 0;
  return written.map((words, i) => {
    if ((lines[i]?.text.length ?? 0) > MAX_LENGTH) return 'new';
    const count = words.length - (matched?.slice(from, from + words.length).filter(Boolean).length ?? words.length);
    from += words.length;
    const found = anywhere(words);
    if (!matched || words.length === 0 || (found === 'quoted' && words.length > MAX_SAID_AGAIN)) return found;
    if (count === 0 || count * 5 <= words.length) return 'quoted';
    return found === 'mixed' ? 'mixed' : 'new';
  });
}

function countNewWords(words: readonly string[], pairs: ReadonlySet<string>, single: ReadonlySet<string>): number {
  if (words.length < 2) return words.filter((word) => !single.has(word)).length;
  const follows = pairsOf(words).map((pair) => pairs.has(pair));
  return words.filter((_, i) => !follows[i] && !follows[i - 1]).length;
}

function pairsOf(words: readonly string[]): string[] {
  return words.slice(1).map((word, i) => `${words[i]} ${word}`);
}

/** Returns a text's words in lower case without links; single characters in scripts without spaces. */
export function wordsOf(text: string): string[] {
  return plainDigits(text).toLowerCase().replace(INVISIBLE, '').replace(LINKS, ' ').match(WORD) ?? [];
}
