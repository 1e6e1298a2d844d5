import { withoutOwnSecrets } from '../../mail/own_secrets.js';

/** A part whose text is in base64, with the rest of its header. */
const ENCODED = /(\ncontent-transfer-encoding:[ \t]*base64[^]{0,4000}?\r?\n\r?\n)([a-z0-9+/=\r\n]+)/gi;

/**
 * An original for somebody else than its recipient: byte for byte as it came, but for the tokens of our own emails that
 * are quoted in it, which would let its reader act as its sender.
 */
export function shownOriginal(raw: Buffer): Buffer {
  const bytes = `\n${raw.toString('latin1')}`;
  const decoded = bytes.replace(ENCODED, (part: string, header: string, body: string) => {
    const text = Buffer.from(body, 'base64').toString('latin1');
    const safe = withoutSecretBytes(text);
    return safe === text ? part : header + wrapped(Buffer.from(safe, 'latin1').toString('base64'));
  });
  return Buffer.from(withoutSecretBytes(decoded).slice(1), 'latin1');
}

/** The same for bytes, one character each: a mark that is ASCII in any charset. */
const withoutSecretBytes = (text: string) => withoutOwnSecrets(text, '...');

const wrapped = (base64: string) => `${base64.replace(/.{76}/g, '$&\r\n')}\r\n`;
