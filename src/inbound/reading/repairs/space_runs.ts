const RUN = /[\t ]{20,}/;

/**
 * A body in quoted-printable without long runs of white space: libqp, which decodes it for mailparser, looks for the
 * ends of lines in each in time that grows with its square (sample "spaces in quoted-printable"; no upstream
 * issue known). Those at the end of a line were added on the way; others are kept, encoded.
 */
export function withoutSpaceRuns(body: Buffer): Buffer {
  const text = body.toString('latin1');
  if (!RUN.test(text)) return body;
  const ended = text.replace(/(^|[^\t ])[\t ]+(?=\r?\n|$)/g, '$1');
  const kept = ended.replace(new RegExp(RUN, 'g'), (run) => run.replaceAll(' ', '=20').replaceAll('\t', '=09'));
  return Buffer.from(kept, 'latin1');
}
