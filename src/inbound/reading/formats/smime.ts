import { encryptedKind } from './crypto.js';

/** The fields that the signed message brings itself. */
const CONTENT = /^content-(?:type|transfer-encoding|disposition|description|id)$/i;
const ENVELOPE = /^content-type:\s*application\/(?:x-)?pkcs7-mime\b/im;
const MAX_BYTES = 40_000_000;

/**
 * A message whose body is wrapped in its signature (S/MIME, RFC 8551 section 3.5.2), with the body unwrapped; others as
 * they are. The signature is not checked: it proves nothing about the sender.
 */
export async function unwrapSigned(raw: Buffer): Promise<Buffer> {
  const end = raw.indexOf('\r\n\r\n') < 0 ? raw.indexOf('\n\n') : raw.indexOf('\r\n\r\n');
  const header = raw.toString('latin1', 0, Math.min(Math.max(end, 0), 262_144));
  if (!ENVELOPE.test(header) || raw.length > MAX_BYTES) return raw;
  const encoded = raw.subarray(end);
  const isBase64 = /^content-transfer-encoding:\s*base64/im.test(header);
  const content = isBase64 ? Buffer.from(encoded.toString('latin1'), 'base64') : encoded.subarray(4);
  if (encryptedKind('application/pkcs7-mime', content) !== 'signed') return raw;
  const inner = await signedContent(content);
  if (!inner) return raw;
  const fields = header.split(/\r?\n(?![ \t])/).filter((field) => !CONTENT.test(field.split(':', 1)[0] ?? ''));
  return Buffer.concat([Buffer.from(`${fields.join('\r\n')}\r\n`, 'latin1'), inner]);
}

/** What a SignedData holds (RFC 5652 section 5.2); null if it can't be read, or holds nothing. */
async function signedContent(content: Buffer): Promise<Buffer | null> {
  const { default: forge } = await import('node-forge');
  try {
    const read = forge.asn1.fromDer(content.toString('latin1'), false);
    const [, signedData] = childrenOf(read);
    const encapsulated = childrenOf(childrenOf(childrenOf(signedData)[0])[2])[1];
    const bytes = bytesOf(childrenOf(encapsulated)[0]);
    return bytes === '' ? null : Buffer.from(bytes, 'latin1');
  } catch {
    return null;
  }
}

interface Node {
  value: string | Node[];
}

const childrenOf = (node: Node | undefined): Node[] => (Array.isArray(node?.value) ? node.value : []);

// Long content comes in pieces.
const bytesOf = (node: Node | undefined): string =>
  typeof node?.value === 'string' ? node.value : childrenOf(node).map(bytesOf).join('');
