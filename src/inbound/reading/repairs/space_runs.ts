const RUN = /[\t ]{20,}/;

/**
 * Removes long runs of white space from a quoted-printable body, for which libqp (used by mailparser) takes quadratic
 * time (sample "spaces in quoted-printable"; no upstream issue known). Runs at the end of a line were added in transit
 * and are dropped; others are encoded.
 */
export function withoutSpaceRuns(body: Buffer): Buffer {
  const text = body.toString('latin1');
  if (!RUN.test(text)) return body;
  const trimmed = text.replace(/(^|[^\t ])[\t ]+(?=\r?\n|$)/g, '$1');
  const encoded = trimmed.replace(new RegExp(RUN, 'g'), (run) => run.replaceAll(' ', '=20').replaceAll('\t', '=09'));
  return Buffer.from(encoded, 'latin1');
}
