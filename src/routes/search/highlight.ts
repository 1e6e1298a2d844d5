import { foldedText } from '../../documents/queries/list_clauses.js';

/** A piece of a text, and whether it is what was looked for. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** Before a message's first hit so many words are shown. */
const WORDS_BEFORE = 5;

/** A text in pieces: what its words have in common with the beginnings that were looked for is a hit. */
export function highlight(text: string, words: readonly string[]): Piece[] {
  const pieces = text.split(/(?<=[^\p{L}\p{N}])(?=[\p{L}\p{N}])/u).flatMap((word) => {
    const length = longestStart(word, words);
    const characters = Array.from(word);
    return [
      { text: characters.slice(0, length).join(''), hit: true },
      { text: characters.slice(length).join(''), hit: false },
    ];
  });
  return joined(pieces.filter((piece) => piece.text));
}

/** How many of a word's letters are the longest beginning: as many as are needed for it, since "ß" is found by "ss". */
function longestStart(word: string, words: readonly string[]): number {
  const folded = foldedText(word);
  const found = words.filter((start) => folded.startsWith(start)).toSorted((a, b) => b.length - a.length)[0];
  if (!found) return 0;
  const characters = Array.from(word);
  const enough = characters.findIndex((_, i) => foldedText(characters.slice(0, i + 1).join('')).length >= found.length);
  return enough + 1;
}

const joined = (pieces: Piece[]) =>
  pieces.reduce<Piece[]>((all, piece) => {
    const before = all.at(-1);
    if (before?.hit === piece.hit) before.text += piece.text;
    else all.push({ ...piece });
    return all;
  }, []);

/** The part of a long text in which a word was found, as one line; from its beginning if none is in it. */
export function excerpt(text: string, words: readonly string[]): string {
  const all = text.trim().split(/\s+/);
  const isHit = (word: string) =>
    foldedText(word)
      .split(/[^\p{L}\p{N}]+/u)
      .some((part) => words.some((w) => part.startsWith(w)));
  const from = Math.max(0, all.findIndex(isHit) - WORDS_BEFORE);
  const shown = all.slice(from, from + 30).join(' ');
  return `${from > 0 ? '… ' : ''}${shown}${from + 30 < all.length ? ' …' : ''}`;
}
