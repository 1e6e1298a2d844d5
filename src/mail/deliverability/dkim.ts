import { createHash, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';

/** Whose word a signature is, and where its public half is found. */
export interface SigningKey {
  domain: string;
  selector: string;
  private_key: KeyObject;
}

// Named once more than they occur: a second From, or a first List-Unsubscribe, that somebody adds on the way breaks
// the signature (RFC 6376 §5.4.2).
const ONCE_MORE =
  'from sender reply-to to cc subject date message-id in-reply-to references list-id list-unsubscribe list-unsubscribe-post content-type'.split(
    ' ',
  );
const AS_THEY_ARE = 'mime-version content-transfer-encoding auto-submitted'.split(' ');

const CRLF = '\r\n';
const signed = promisify(sign);

/**
 * A message with its DKIM-Signature before it (RFC 6376; rsa-sha256, relaxed/relaxed). Our own, since the libraries
 * that are at hand name each field as often as it occurs: an added one would go unseen. `raw` has CRLF line ends
 * throughout.
 */
export async function dkimSigned(
  raw: Buffer,
  { domain, selector, private_key }: SigningKey,
  now = new Date(),
): Promise<Buffer> {
  const end = raw.indexOf(CRLF + CRLF);
  const fields = raw
    .subarray(0, end)
    .toString('latin1')
    .split(/\r\n(?![ \t])/);
  const hash = createHash('sha256')
    .update(relaxedBody(raw.subarray(end + 4)))
    .digest('base64');
  const { names, lines } = chosen(fields);
  const tags = [
    `v=1; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; s=${selector};`,
    `t=${Math.floor(now.getTime() / 1000)}; bh=${hash};`,
  ];
  const unsigned = `DKIM-Signature: ${[...tags, `h=${folded(names)};`, 'b='].join(`${CRLF}\t`)}`;
  const signature = await signed(
    'sha256',
    Buffer.from([...lines, relaxed(unsigned)].join(CRLF), 'latin1'),
    private_key,
  );
  const wrapped = signature.toString('base64').replace(/.{72}(?=.)/g, `$&${CRLF}\t`);
  return Buffer.concat([Buffer.from(`${unsigned}${wrapped}${CRLF}`, 'latin1'), raw]);
}

/** The names to sign, and the fields as they are hashed: of several of one name the last first (§5.4.2). */
function chosen(fields: string[]): { names: string[]; lines: string[] } {
  const named = (name: string) => fields.filter((field) => nameOf(field) === name).toReversed();
  const picked = [...ONCE_MORE, ...AS_THEY_ARE].map((name) => ({ name, found: named(name) }));
  const names = picked.flatMap(({ name, found }) =>
    Array.from({ length: found.length + Number(ONCE_MORE.includes(name)) }, () => name),
  );
  return { names, lines: picked.flatMap(({ found }) => found.map(relaxed)) };
}

const nameOf = (field: string) => field.slice(0, field.indexOf(':')).trim().toLowerCase();

/** §3.4.2: the name in lower case, one line, one space where there was any. */
const relaxed = (field: string) =>
  `${nameOf(field)}:${field
    .slice(field.indexOf(':') + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '')}`;

/** §3.4.4: one space where there was any, none at a line's end, no empty lines at the end. */
function relaxedBody(body: Buffer): Buffer {
  const lines = body.toString('latin1').split(CRLF);
  const plain = lines.map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  while (plain.at(-1) === '') plain.pop();
  return Buffer.from(plain.length ? plain.join(CRLF) + CRLF : '', 'latin1');
}

/** Names with a colon between, in lines that stay short. */
const folded = (names: string[]) =>
  names.join(':').replace(/.{1,60}(?::|$)/g, (part, at: number) => (at ? `${CRLF}\t${part}` : part));
