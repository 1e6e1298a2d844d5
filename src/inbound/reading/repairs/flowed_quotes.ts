/**
 * Joins the lines of a format=flowed text (RFC 3676): a line ending with a space continues on the next, unless the
 * level of quoting changes. `delsp` removes that space. Linear time. libmime, which mailparser uses, ignores quoting
 * and joins an answer to the quote before it (test "joins flowed lines but never over a change of quoting"; no
 * upstream issue known).
 */
export function unflow(text: string, delsp: boolean): string {
  const lines: string[] = [];
  let open = false;
  let depth = 0;
  let parts: string[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const level = /^>*/.exec(raw)?.[0].length ?? 0;
    const content = raw.slice(level).replace(/^ /, '');
    const flows = content.endsWith(' ') && content !== '-- ';
    if (!open || level !== depth || content === '-- ') {
      if (parts.length > 0) lines.push(parts.join(''));
      parts = level > 0 ? [raw.slice(0, level), ' '] : [];
    }
    parts.push(flows && delsp ? content.slice(0, -1) : content);
    [open, depth] = [flows, level];
  }
  if (parts.length > 0) lines.push(parts.join(''));
  return lines.join('\n');
}
