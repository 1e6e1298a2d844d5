import { indexAnswered } from './answered_email.js';
import type { Draft } from '../label.js';
import type { Line } from '../line.js';
import { ADDRESS, DATE, TIME } from '../phrases.js';

const MAX_LINES = 10;

/**
 * Relabels blockquotes that the sender made (without an attribution above them) as text. An unmarked blockquote counts
 * as the sender's own if its text differs from the message being answered, or if the real quote comes later.
 */
export function relabelCitations(
  lines: readonly Line[],
  labels: Draft[],
  answered: string | undefined,
  fresh: boolean,
): Draft[] {
  const ours = indexAnswered(answered);
  const isQuoted = (line: Line) => ours?.origin(line) === 'quoted';
  const lastAttribution = labels.lastIndexOf('attribution');
  for (let i = 0; i < lines.length; i++) {
    if (labels[i] === 'blank' || labels[i] === 'text') continue;
    // Blockquotes below a real quote belong to it.
    const end = citationEnd(lines, labels, i);
    const group = lines.slice(i, end).filter((line) => !line.blank);
    const own = lines[i]?.mark !== 'unnamed' || Boolean(answered) || fresh || lastAttribution >= end;
    if (end === i || !own || group.filter(isQuoted).length * 2 >= group.length) break;
    relabel(labels, i, end);
    i = end - 1;
  }
  return labels;
}

function relabel(labels: Draft[], from: number, to: number): void {
  for (let i = from; i < to; i++) if (labels[i] === 'quote') labels[i] = 'text';
}

// A blockquote that names its author is a quote.
function citationEnd(lines: readonly Line[], labels: readonly Draft[], from: number): number {
  const introduced = isIntroduced(lines, from);
  let end = from;
  for (let i = from; i < lines.length; i++) {
    if (labels[i] === 'blank' && !introduced) continue;
    const line = lines[i];
    const isCitation = line?.mark === 'citation' || line?.mark === 'unnamed' || (introduced && line?.depth === 1);
    if (labels[i] !== 'quote' || !isCitation) break;
    end = i + 1;
  }
  return (introduced && end - from > MAX_LINES) || lines.slice(from, end).some(namesAuthor) ? from : end;
}

// "Please confirm:" directly above a few lines with ">": typed by hand.
function isIntroduced(lines: readonly Line[], at: number): boolean {
  const [above, line] = [lines[at - 1], lines[at]];
  if (!above || line?.mark !== null || above.depth > 0 || above.text.length > 200 || !/[:：]$/.test(above.text))
    return false;
  return !ADDRESS.test(above.text) && !DATE.test(above.text) && !TIME.test(above.text);
}

function namesAuthor(line: Line): boolean {
  return line.text.includes('@') && /[:：]$/.test(line.text);
}
