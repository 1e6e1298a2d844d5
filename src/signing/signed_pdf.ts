import type { Knex } from 'knex';
import { systemActor, withActor } from '../db/scope.js';
import { typeNamed } from '../document_types/index.js';
import { attach } from '../files/file.js';
import type { Storage, StoredFile } from '../files/storage.js';
import { certificatePage, joinPdfs } from './certificate.js';
import { signingKeyOf } from './seal_keys.js';
import { signPdf } from './pades.js';
import type { SignatureRow } from './signature.js';

interface SealContext {
  db: Knex;
  storage: Storage;
  printer: { render(html: string): Promise<Buffer> };
  secret: string;
  base_url: string;
  /** A version's PDF in a language. */
  pdf: (organization_id: string, document_id: string, version: number, locale: string) => Promise<{ content: Buffer }>;
}

interface SignedPdf {
  filename: string;
  content: Buffer;
}

/**
 * The signed PDF of a version, with its certificate page and the organization's seal; null if nobody signed it. Made
 * once, then stored and attached to the document for both sides; if two processes make it, both get the stored one.
 */
export async function signedPdf(
  context: SealContext,
  organization_id: string,
  document_id: string,
  version: number,
): Promise<SignedPdf | null> {
  const { db, storage } = context;
  const key = { organization_id, document_id, version };
  const signatures = await withActor(db, systemActor(organization_id), (db) =>
    db('signatures').where(key).orderBy('id').select<SignatureRow[]>(),
  );
  const [first] = signatures;
  if (!first) return null;
  const filename = `${first.number} signed.pdf`;
  if (first.pdf_sha256) return { filename, content: await storage.get(first.pdf_sha256) };
  const file = await storage.put(await seal(context, signatures), filename, 'application/pdf');
  const sha256 = await withActor(db, systemActor(organization_id), (db) => storeOnce(db, key, file));
  return { filename, content: await storage.get(sha256) };
}

type VersionKey = Pick<SignatureRow, 'organization_id' | 'document_id' | 'version'>;

/** Stores the file unless another process has stored one. Returns the SHA-256 of the stored one. */
async function storeOnce(db: Knex.Transaction, key: VersionKey, file: StoredFile): Promise<string> {
  const rows = await db('signatures').where(key).forUpdate().select<SignatureRow[]>('id', 'pdf_sha256');
  const stored = rows.find((row) => row.pdf_sha256)?.pdf_sha256;
  if (stored) return stored;
  await db('signatures').where(key).update({ pdf_sha256: file.sha256, pdf_size: file.size });
  await attach(db, { organization_id: key.organization_id, subject_id: key.document_id }, [file]);
  return file.sha256;
}

async function seal(
  { db, storage, printer, secret, base_url, pdf }: SealContext,
  signatures: SignatureRow[],
): Promise<Buffer> {
  const [first] = signatures;
  if (!first) throw new Error('There is no signature to seal.');
  const { organization_id, document_id, version, locale, type, number, signed_at } = first;
  const organization = await withActor(db, systemActor(organization_id), (db) =>
    db('organizations').where({ id: organization_id }).first('name', 'accent', 'time_zone'),
  );
  const input = {
    signatures,
    drawings: await readDrawings(storage, signatures),
    type_label: typeNamed(type).label,
    organization,
  };
  const { content } = await pdf(organization_id, document_id, version, locale);
  const certificate = await printer.render(certificatePage({ ...input, check_url: `${base_url}/check` }));
  const key = await signingKeyOf(db, secret, organization_id);
  return signPdf(await joinPdfs(content, certificate), key, {
    reason: `${number}, signed by ${first.name}`,
    name: organization.name,
    at: signed_at,
  });
}

async function readDrawings(storage: Storage, signatures: SignatureRow[]): Promise<Map<string, Buffer>> {
  const hashes = signatures.flatMap(({ drawing_sha256 }) => drawing_sha256 ?? []);
  return new Map(await Promise.all(hashes.map(async (sha256) => [sha256, await storage.get(sha256)] as const)));
}
