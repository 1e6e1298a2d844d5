/** Notices about signed or encrypted mail. We don't verify these signatures, so they prove nothing about the sender. */
export const NOTICES = {
  encrypted: 'It is encrypted; we kept it as a file.',
  encrypted_text: 'Its text is encrypted; it is shown as it came.',
  signed: 'It is signed in a form (S/MIME) that holds the message itself; we kept it as a file.',
  differs: 'Its text and its HTML say different things; both are shown.',
} as const;

const SIGNATURES = /^application\/(?:pgp-signature|(?:x-)?pkcs7-signature)$/;
const ENVELOPES = /^application\/(?:x-)?pkcs7-mime$/;
// The encoded object identifier of signedData (RFC 5652 section 5), found in the first bytes.
const SIGNED_DATA = Buffer.from('06092a864886f70d010702', 'hex');

/** Whether a part is a detached signature: a file that is of no use to a reader. */
export const isSignature = (type: string): boolean => SIGNATURES.test(type);

/** Whether a part holds the message encrypted, or wrapped in its signature; null for other parts. */
export function encryptedKind(type: string, content: Buffer): 'encrypted' | 'signed' | null {
  if (!ENVELOPES.test(type))
    return content.subarray(0, 64).includes('-----BEGIN PGP MESSAGE-----') ? 'encrypted' : null;
  return content.subarray(0, 64).includes(SIGNED_DATA) ? 'signed' : 'encrypted';
}

/** Removes the cleartext signature framework of OpenPGP (RFC 9580 section 7). Encrypted text is left unchanged. */
export function armored(text: string): { text: string; encrypted: boolean } {
  if (!text.includes('-----BEGIN PGP ')) return { text, encrypted: false };
  const encrypted = text.includes('-----BEGIN PGP MESSAGE-----');
  const begin = text.indexOf('-----BEGIN PGP SIGNED MESSAGE-----');
  const body = text.indexOf('\n\n', begin) + 2;
  const end = text.indexOf('-----BEGIN PGP SIGNATURE-----', body);
  const last = text.indexOf('-----END PGP SIGNATURE-----', end);
  if (begin < 0 || body < 2 || end < 0 || last < 0) return { text, encrypted };
  const signed = text.slice(body, end).replace(/^- /gm, '');
  const after = text.slice(last + '-----END PGP SIGNATURE-----'.length).replace(/^\n/, '');
  return { text: text.slice(0, begin) + signed + after, encrypted };
}
