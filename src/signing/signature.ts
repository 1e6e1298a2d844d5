import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { Actor } from '../db/scope.js';
import { Invalid } from '../errors.js';

/** What is signed: a version of a document, by the SHA-256 of its content. */
export interface Signed {
  organization_id: string;
  document_id: string;
  activity_id: string;
  type: string;
  number: string;
  title: string;
  version: number;
  content_sha256: string;
}

/**
 * How it was signed: the sentence agreed to, the drawing in storage if there is one, and the browser it was done
 * with.
 */
export interface SigningEvidence {
  intent: string;
  drawing_sha256: string | null;
  remote_ip: string;
  user_agent: string;
}

export interface SignatureRow extends Signed, SigningEvidence {
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

/** The name that was typed as a signature. @throws Invalid, also if the box that says what it means was not ticked. */
export function signatureIn(fields: Record<string, unknown>): string {
  const name = typeof fields['signature'] === 'string' ? fields['signature'].trim() : '';
  if (!name || name.length > 200) throw new Invalid({ signature: 'Type your full name to sign.' });
  if (fields['agree'] !== 'on') throw new Invalid({ agree: 'Tick the box to say that you agree.' });
  return name;
}

/**
 * Keeps a signature with its evidence, in the transaction of the act that it belongs to. Only people whose mailbox is
 * proven sign.
 */
export async function storeSignature(
  db: Knex.Transaction,
  actor: Actor,
  name: string,
  signed: Signed,
  manner: SigningEvidence,
): Promise<void> {
  const { person_id, email, locale } = actor;
  const method = manner.drawing_sha256 ? 'drawn' : 'typed';
  const who = { person_id, name, email: email ?? '', locale, method, verified_by: 'code by email' };
  await db('signatures').insert({ ...signed, ...manner, ...who, id: newId() });
}
