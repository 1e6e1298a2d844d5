const encoder = new TextEncoder();
const MOST_OCTETS = 75;

/** A line of iCalendar, folded after 75 octets at most, never within a character, and ended (RFC 5545 §3.1). */
export function contentLine(line: string): string {
  const parts: string[] = [];
  let part = '';
  let size = 0;
  for (const character of line) {
    const octets = encoder.encode(character).length;
    if (size + octets > MOST_OCTETS) {
      parts.push(part);
      [part, size] = ['', 1]; // the space that a continued line begins with
    }
    part += character;
    size += octets;
  }
  return `${[...parts, part].join('\r\n ')}\r\n`;
}

/** Text as a value (RFC 5545 §3.3.11), without the control characters that it can't have. */
export const textValue = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n');

/** Text as a quoted parameter, in which there can be no quotation marks (RFC 5545 §3.2). */
export const quotedParameter = (text: string): string => `"${text.replace(/\p{Cc}+/gu, ' ').replaceAll('"', '’')}"`;

/** '2026-12-04T09:00' as '20261204T090000', '2026-12-04' as '20261204'. */
export const plainTime = (clock: string): string => {
  const [day = '', time] = clock.replaceAll(/[-:]/g, '').split('T');
  return time === undefined ? day : `${day}T${time.slice(0, 4)}00`;
};

/** A moment in UTC: '20261204T170000Z'. */
export const utcTime = (at: Date | number): string =>
  `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
