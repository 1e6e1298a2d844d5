import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { Actor } from '../db/scope.js';
import { Invalid } from '../errors.js';
import { oneLine } from '../input/valid_input.js';
import type { Translate } from '../pages/i18n.js';

/** A version of a document, with the SHA-256 of its content. */
interface SignedVersion {
  organization_id: string;
  document_id: string;
  activity_id: string;
  type: string;
  number: string;
  title: string;
  version: number;
  content_sha256: string;
}

/** How it was signed: the sentence agreed to, the stored drawing, the browser. */
interface SigningEvidence {
  intent: string;
  drawing_sha256: string | null;
  remote_ip: string;
  user_agent: string;
}

export interface SignatureRow extends SignedVersion, SigningEvidence {
  id: string;
  person_id: string;
  name: string;
  email: string;
  method: 'typed' | 'drawn';
  locale: string;
  verified_by: string;
  signed_at: Date;
  pdf_sha256: string | null;
}

/** The sentence that a signer agrees to: shown on the form, stored with the signature, printed on the certificate. */
export const signingIntent = (t: Translate, document: string, partner: string): string =>
  t(
    'I sign {{document}} for {{partner}}, as it is shown here, and agree that my electronic signature binds as one by hand does.',
    { document, partner },
  );

/** The name that an act is signed with. @throws Invalid if it is missing or too long, or its signer did not agree. */
export function validSignature(given: { name: string; agreed: boolean } | undefined): string {
  const name = oneLine(given?.name ?? '');
  if (!/\p{L}/u.test(name) || name.length > 200) throw new Invalid({ signature: 'Type your full name to sign.' });
  if (!given?.agreed) throw new Invalid({ agree: 'Tick the box to say that you agree.' });
  return name;
}

const PNG_URL = 'data:image/png;base64,';
const MAX_DRAWING_BYTES = 200_000;
/** How every PNG begins (ISO/IEC 15948, 5.2). */
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The PNG of a drawn signature, from `signature_drawing` (a data: URL); null if there is none. @throws Invalid */
export function parseDrawing(fields: Record<string, unknown>): Buffer | null {
  const url = fields['signature_drawing'];
  if (typeof url !== 'string' || url === '') return null;
  const bytes = url.startsWith(PNG_URL) ? Buffer.from(url.slice(PNG_URL.length), 'base64') : Buffer.alloc(0);
  if (!bytes.subarray(0, PNG.length).equals(PNG) || bytes.length > MAX_DRAWING_BYTES)
    throw new Invalid({ signature: 'The drawing could not be read. Draw it again, or type your name.' });
  return bytes;
}

/** Stores a signature with its evidence, in its act's transaction. Signing takes a verified mailbox, see `Actor`. */
export async function storeSignature(
  db: Knex.Transaction,
  actor: Actor,
  name: string,
  version: SignedVersion,
  evidence: SigningEvidence,
): Promise<void> {
  const { person_id, email, locale } = actor;
  const method = evidence.drawing_sha256 ? 'drawn' : 'typed';
  const signer = { person_id, name, email: email ?? '', locale, method, verified_by: 'code by email' };
  await db('signatures').insert({ ...version, ...evidence, ...signer, id: newId() });
}
