import type { ReplyContext } from '../quotes/answered_email.js';
import { isBlankAt } from '../line.js';
import type { Line } from '../line.js';
import { closing, contacts, dashName, delimited, type Finder, markedByClient, trimEnd } from './finders.js';
import { device, deviceLine, legal, scanner } from './footers.js';
import { endingFinder } from './known_endings.js';
import { isPostscript, isSaid, paragraphsIn } from './said_below.js';

/** The names of attached files that Lotus Notes and Outlook add at the very end. */
const ATTACHED = /^(?:-\s.{1,100}\.\p{L}[\p{L}\p{N}]{1,4}|<<.{1,120}>>|\(See attached file: .{1,200}\))$/u;

/**
 * Returns for each line of a run whether to keep it. Removes signatures, closings with a name, device lines, legal
 * footers and the endings of the sender's earlier messages from the end, but never the last visible line. What is said
 * below a name (a postscript, an order's number) is kept.
 */
export function trimSignature(run: readonly Line[], { sender, tails, text }: ReplyContext): boolean[] {
  const files = trimFiles(run);
  const name = sender ?? null;
  const whole = endOfText(run, files, finders(tails ?? [], text !== undefined), name);
  const said = whole.cuts.length === 0 ? saidFrom(run, files) : files;
  const above = said < files ? endOfText(run, said, [markedByClient, closing], name) : whole;
  const { end, cuts } = above.cuts.length > 0 ? above : whole;
  const below = above.cuts.length > 0 ? said : files;
  const gap = below < files && isBlankAt(run, below - 1) ? below - 1 : below;
  const keep = run.map((_, i) => i < end || i >= gap);
  for (const cut of cuts) for (const i of saidIn(run, cut)) keep[i] = true;
  return keep;
}

/** Where the last paragraphs begin that only say something. */
function saidFrom(run: readonly Line[], end: number): number {
  let from = end;
  for (const paragraph of paragraphsIn(run, Math.max(0, end - 12), end).toReversed()) {
    if (!isSaid(run.slice(paragraph.from, paragraph.to))) break;
    from = paragraph.from;
  }
  return from;
}

/** What was cut by what. */
interface Cut {
  readonly from: number;
  readonly to: number;
  readonly by: Finder;
}

// A closing and a client's class only propose. Below a delimiter, only a postscript is what somebody says.
function saidIn(run: readonly Line[], { from, to, by }: Cut): number[] {
  const [, ...below] = paragraphsIn(run, from, to);
  const proposes = by === closing || by === markedByClient;
  const said = below.filter((part) => {
    const lines = run.slice(part.from, part.to);
    if (lines.some(isPostscript)) return true;
    return proposes && lines[0]?.mark !== 'signature' && isSaid(lines);
  });
  return said.flatMap((part) => {
    const first = isBlankAt(run, part.from - 1) ? part.from - 1 : part.from;
    return Array.from({ length: part.to - first }, (_, i) => first + i);
  });
}

// Names of attached files at the end are not part of the signature above them.
function trimFiles(run: readonly Line[]): number {
  let start = run.length;
  for (let i = run.length - 1; i >= 0; i--) {
    const line = run[i];
    if (!line || line.blank) continue;
    if (line.text.length > 250 || !ATTACHED.test(line.text)) break;
    start = i;
  }
  return start;
}

const finders = (tails: readonly string[], known: boolean): Finder[] => [
  endingFinder(tails),
  markedByClient,
  known ? deviceLine : device,
  delimited,
  legal,
  scanner,
  closing,
  dashName,
  contacts,
];

function endOfText(
  run: readonly Line[],
  from: number,
  all: readonly Finder[],
  name: string | null,
): { end: number; cuts: Cut[] } {
  const cuts: Cut[] = [];
  let end = trimEnd(run, from);
  for (let round = 0; round < 6; round++) {
    const cut = firstCut(run, end, all, name);
    if (!cut) break;
    const next = trimEnd(run, cut.from);
    if (next === 0 && from === run.length && saidIn(run, cut).length === 0) break;
    cuts.push(cut);
    end = next;
  }
  return { end, cuts };
}

function firstCut(run: readonly Line[], end: number, all: readonly Finder[], name: string | null): Cut | null {
  for (const by of all) {
    const from = by(run, end, name);
    if (from !== null) return { from, to: end, by };
  }
  return null;
}
