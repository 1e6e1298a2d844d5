/** Whether a text labeled base64 is plain text, to be shown unchanged (sample "base64 that is text"). */
export function isFalseBase64(body: Buffer): boolean {
  const head = body.toString('latin1', 0, 4000);
  const strange = head.match(/[^A-Za-z0-9+/=\s]/g)?.length ?? 0;
  return strange * 20 > head.length || /[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}/.test(head);
}
