import type { Line } from '../line.js';
import { ADDRESS, DATE } from '../phrases.js';

/** Whether a line looks like an attribution in an unknown language: an address with a date or a colon. */
export function isIntroduction(line: Line | undefined): boolean {
  return (
    line !== undefined &&
    line.text.length < 200 &&
    ADDRESS.test(line.text) &&
    (DATE.test(line.text) || /[:：>]$/.test(line.text))
  );
}

/** Whether a line only stands for an image or a link that a client left out. */
export function isPlaceholder({ text }: Line): boolean {
  return text.length < 300 && /^(?:\s*(?:\[[^\]]{0,200}\]|<[^<>]{0,250}>))+\s*$/.test(text);
}
