import { rememberAnswered } from './answered_email.js';
import type { Draft } from '../label.js';
import type { Line } from '../line.js';
import { ADDRESS, DATE, TIME } from '../phrases.js';

const MOST_LINES = 10;

/**
 * What a sender sets off in a blockquote of their own, with nobody named above it, is part of what they say. A
 * blockquote that no client marked is theirs if the message being answered is known and says something else, or if
 * the real quote comes later.
 */
export function freeCitations(lines: readonly Line[], labels: Draft[], answered: string | undefined): Draft[] {
  const ours = rememberAnswered(answered);
  const known = (line: Line) => ours?.standing(line) === 'known';
  const lastAttribution = labels.lastIndexOf('attribution');
  for (let i = 0; i < lines.length; i++) {
    if (labels[i] === 'blank' || labels[i] === 'text') continue;
    // Once somebody was quoted, what is set off below goes on with that.
    const end = citationEnd(lines, labels, i);
    const group = lines.slice(i, end).filter((line) => !line.blank);
    const own = lines[i]?.mark !== 'unnamed' || Boolean(answered) || lastAttribution >= end;
    if (end === i || !own || group.filter(known).length * 2 >= group.length) break;
    free(labels, i, end);
    i = end - 1;
  }
  return labels;
}

function free(labels: Draft[], from: number, to: number): void {
  for (let i = from; i < to; i++) if (labels[i] === 'quote') labels[i] = 'text';
}

// A blockquote that begins by naming who wrote it is a quote.
function citationEnd(lines: readonly Line[], labels: readonly Draft[], from: number): number {
  const introduced = isIntroduced(lines, from);
  let end = from;
  for (let i = from; i < lines.length; i++) {
    if (labels[i] === 'blank' && !introduced) continue;
    const line = lines[i];
    const set_off = line?.mark === 'citation' || line?.mark === 'unnamed' || (introduced && line?.depth === 1);
    if (labels[i] !== 'quote' || !set_off) break;
    end = i + 1;
  }
  return (introduced && end - from > MOST_LINES) || lines.slice(from, end).some(namesWho) ? from : end;
}

// "Please confirm:" right above a few lines with ">": typed by hand.
function isIntroduced(lines: readonly Line[], at: number): boolean {
  const [above, line] = [lines[at - 1], lines[at]];
  if (!above || line?.mark !== null || above.depth > 0 || above.text.length > 200 || !/[:：]$/.test(above.text))
    return false;
  return !ADDRESS.test(above.text) && !DATE.test(above.text) && !TIME.test(above.text);
}

function namesWho(line: Line): boolean {
  return line.text.includes('@') && /[:：]$/.test(line.text);
}
