/**
 * Joins the lines of a text/plain body in format=flowed (RFC 3676): a line that ends with a space goes on in the
 * next, but never into another level of quoting. With `delsp` that space goes. Linear. mailparser's own (libmime)
 * does not know quotes: it glues an answer to what it quotes (test "joins flowed lines but never over a change of
 * quoting"; no upstream issue known).
 */
export function unflow(text: string, delsp: boolean): string {
  const lines: string[] = [];
  let open = false;
  let depth = 0;
  let parts: string[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const marks = /^>*/.exec(raw)?.[0].length ?? 0;
    const content = raw.slice(marks).replace(/^ /, '');
    const flows = content.endsWith(' ') && content !== '-- ';
    if (!open || marks !== depth || content === '-- ') {
      if (parts.length > 0) lines.push(parts.join(''));
      parts = marks > 0 ? [raw.slice(0, marks), ' '] : [];
    }
    parts.push(flows && delsp ? content.slice(0, -1) : content);
    [open, depth] = [flows, marks];
  }
  if (parts.length > 0) lines.push(parts.join(''));
  return lines.join('\n');
}
