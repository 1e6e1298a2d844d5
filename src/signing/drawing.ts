import { Invalid } from '../errors.js';

const START = 'data:image/png;base64,';
const MOST_BYTES = 200_000;
/** How every PNG begins (ISO/IEC 15948, 5.2). */
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * The picture of a signature that was drawn, out of a form's `signature_drawing` (a data: URL); null if nothing was
 * drawn.
 * @throws Invalid if it is no PNG, or too large.
 */
export function drawingIn(fields: Record<string, unknown>): Buffer | null {
  const typed = fields['signature_drawing'];
  if (typeof typed !== 'string' || typed === '') return null;
  const bytes = typed.startsWith(START) ? Buffer.from(typed.slice(START.length), 'base64') : Buffer.alloc(0);
  if (!bytes.subarray(0, PNG.length).equals(PNG) || bytes.length > MOST_BYTES)
    throw new Invalid({ signature: 'The drawing could not be read. Draw it again, or type your name.' });
  return bytes;
}
