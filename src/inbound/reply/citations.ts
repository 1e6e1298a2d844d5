import { rememberAnswered } from './answered.js';
import type { Draft } from './labels.js';
import type { Line } from './line.js';

/**
 * What a sender sets off in a blockquote of their own, with nobody named above it, is part of what they say. A blockquote that no
 * client marked is theirs if the message being answered is known and says something else, or if the real quote comes later.
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
    const own = lines[i]?.mark === 'citation' || Boolean(answered) || lastAttribution >= end;
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
  let end = from;
  for (let i = from; i < lines.length; i++) {
    if (labels[i] === 'blank') continue;
    const mark = lines[i]?.mark;
    if (labels[i] !== 'quote' || (mark !== 'citation' && mark !== 'unnamed')) break;
    end = i + 1;
  }
  return lines.slice(from, end).some(namesWho) ? from : end;
}

function namesWho(line: Line): boolean {
  return line.text.includes('@') && /[:：]$/.test(line.text);
}
