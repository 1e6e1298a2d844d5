import { MAX_PATTERN } from './line.js';
import type { Line } from './line.js';

/** What is known of the message being answered, and of who answers. */
export interface Knowledge {
  /** The plain text of the message being answered. */
  readonly text?: string;
  /** The subject of the answer; one that says "Fwd:" keeps what is passed on. */
  readonly subject?: string;
  /** The display name of who wrote the answer. */
  readonly sender?: string;
}

const SHINGLE = 3;

/**
 * Tells which lines stand in the message being answered, by their words alone: clients wrap and mark them anew. A line is known
 * when every three words of it that follow each other do so there. Linear in both.
 */
export function recogniser(text: string | undefined): (line: Line) => boolean {
  if (!text) return () => false;
  const known = new Set(shingles(text));
  return (line) => {
    if (line.text.length > MAX_PATTERN * 4) return false;
    const own = shingles(line.text);
    return own.length > 0 && own.every((shingle) => known.has(shingle));
  };
}

function shingles(text: string): string[] {
  const all = words(text);
  return all.slice(SHINGLE - 1).map((_, i) => all.slice(i, i + SHINGLE).join(' '));
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
