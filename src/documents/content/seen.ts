import { hashOfContent } from './content.js';
import type { Document } from './document.js';

/** What the pages of a document decide on. */
type Shown = Pick<Document, 'sha256' | 'state' | 'open' | 'proposed' | 'differences'>;

const HALF = 32;

/**
 * What a page shows of a document, in 64 hex digits: half of its content's SHA-256, and half of that of what its reader
 * decides on besides: state, what is owed, proposed changes, differences from its order.
 */
export const seenOf = ({ sha256, state, open, proposed, differences }: Shown): string =>
  half(sha256) + half(hashOfContent(JSON.stringify([state, open, proposed, differences])));

/** The content's part of it, with which that content's SHA-256 begins. */
export const half = (seen: string): string => seen.slice(0, HALF);
