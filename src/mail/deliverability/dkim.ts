import { createHash, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';

/** A DKIM key: the signing domain, the selector that locates the public key in DNS, and the private key. */
export interface SigningKey {
  domain: string;
  selector: string;
  private_key: KeyObject;
}

// Listed once more than they occur, so that adding a second From or a List-Unsubscribe breaks the signature
// (oversigning, RFC 6376 §5.4.2).
const OVERSIGNED = [
  ...['from', 'sender', 'reply-to', 'to', 'cc', 'subject', 'date', 'message-id', 'in-reply-to', 'references'],
  ...['list-id', 'list-unsubscribe', 'list-unsubscribe-post', 'content-type'],
];
const SIGNED = ['mime-version', 'content-transfer-encoding', 'auto-submitted'];

const CRLF = '\r\n';
const signAsync = promisify(sign);

/**
 * Returns the message with a DKIM-Signature in front (RFC 6376; rsa-sha256, relaxed/relaxed). Our own signer, because
 * the available libraries can't oversign. Every line of `raw` ends in CRLF.
 */
export async function dkimSigned(
  raw: Buffer,
  { domain, selector, private_key }: SigningKey,
  now = new Date(),
): Promise<Buffer> {
  const end = raw.indexOf(CRLF + CRLF);
  const body = relaxedBody(raw.subarray(end + 4));
  const { names, lines } = signedFields(raw.subarray(0, end).toString('latin1'));
  const tags = [
    `v=1; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; s=${selector};`,
    `t=${Math.floor(now.getTime() / 1000)}; bh=${createHash('sha256').update(body).digest('base64')};`,
  ];
  const unsigned = `DKIM-Signature: ${[...tags, `h=${foldNames(names)};`, 'b='].join(`${CRLF}\t`)}`;
  const input = Buffer.from([...lines, relaxedField(unsigned)].join(CRLF), 'latin1');
  const signature = (await signAsync('sha256', input, private_key)).toString('base64');
  const folded = signature.replace(/.{72}(?=.)/g, `$&${CRLF}\t`);
  return Buffer.concat([Buffer.from(`${unsigned}${folded}${CRLF}`, 'latin1'), raw]);
}

/** The names for `h=`, and the fields to hash: of several with one name the last comes first (§5.4.2). */
function signedFields(header: string): { names: string[]; lines: string[] } {
  const fields = header.split(/\r\n(?![ \t])/);
  const picked = [...OVERSIGNED, ...SIGNED].map((name) => ({
    name,
    found: fields.filter((field) => nameOf(field) === name).toReversed(),
  }));
  const names = picked.flatMap(({ name, found }) =>
    Array.from({ length: found.length + Number(OVERSIGNED.includes(name)) }, () => name),
  );
  return { names, lines: picked.flatMap(({ found }) => found.map(relaxedField)) };
}

const nameOf = (field: string) => field.slice(0, field.indexOf(':')).trim().toLowerCase();

/** §3.4.2: name in lower case, unfolded, runs of white space as one space. */
const relaxedField = (field: string) =>
  `${nameOf(field)}:${field
    .slice(field.indexOf(':') + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '')}`;

/** §3.4.4: runs of white space as one space, none at the end of a line, no empty lines at the end. */
function relaxedBody(body: Buffer): Buffer {
  const text = body
    .toString('latin1')
    .replace(/[ \t]+/g, ' ')
    .replace(/ (?=\r\n)/g, '')
    .replace(/ $/, '');
  let end = text.length;
  while (text.endsWith(CRLF, end)) end -= 2;
  return Buffer.from(end ? text.slice(0, end) + CRLF : '', 'latin1');
}

/** Names separated by colons, folded to short lines. */
const foldNames = (names: string[]) =>
  names.join(':').replace(/.{1,60}(?::|$)/g, (part, at: number) => (at ? `${CRLF}\t${part}` : part));
