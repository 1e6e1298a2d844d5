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

const ENOUGH_WORDS = 3;

/** Tells which lines stand in the message being answered, by their words alone: clients wrap and mark them anew. */
export function recogniser(text: string | undefined): (line: Line) => boolean {
  if (!text) return () => false;
  const all = ` ${words(text).join(' ')} `;
  return (line) => {
    if (line.text.length > MAX_PATTERN * 4) return false;
    const own = words(line.text);
    return own.length >= ENOUGH_WORDS && all.includes(` ${own.join(' ')} `);
  };
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
