import type { Knex } from 'knex';
import { systemActor, withActor } from '../db/scope.js';
import { typeNamed } from '../document_types/index.js';
import { attach } from '../files/file.js';
import type { Storage, StoredFile } from '../files/storage.js';
import { certificatePage, joined } from './certificate.js';
import { signingKeyOf } from './seal_keys.js';
import { signPdf } from './pades.js';
import type { SignatureRow } from './signature.js';

/** What signed PDFs are made with. `pdf`: a version's PDF in a language. */
export interface Sealing {
  db: Knex;
  storage: Storage;
  printer: { render(html: string): Promise<Buffer> };
  secret: string;
  base_url: string;
  pdf: (organization_id: string, document_id: string, version: number, locale: string) => Promise<{ content: Buffer }>;
}

/** The file's name and its bytes. */
export interface Sealed {
  filename: string;
  content: Buffer;
}

/**
 * The signed PDF of a version, with its certificate and the organization's seal: made once, then kept byte for byte,
 * and hung on the document for both sides. Two processes may make it at the same time; both get the one that was
 * kept. Null if nobody signed that version.
 */
export async function signedPdf(
  sealing: Sealing,
  organization_id: string,
  document_id: string,
  version: number,
): Promise<Sealed | null> {
  const { db, storage } = sealing;
  const which = { organization_id, document_id, version };
  const signatures = await withActor(db, systemActor(organization_id), (db) =>
    db('signatures').where(which).orderBy('id').select<SignatureRow[]>(),
  );
  const [first] = signatures;
  if (!first) return null;
  const filename = `${first.number} signed.pdf`;
  if (first.pdf_sha256) return { filename, content: await storage.get(first.pdf_sha256) };
  const file = await storage.put(await seal(sealing, signatures), filename, 'application/pdf');
  const kept = await withActor(db, systemActor(organization_id), (db) => keep(db, which, file));
  return { filename, content: await storage.get(kept) };
}

type Which = Pick<SignatureRow, 'organization_id' | 'document_id' | 'version'>;

/** Whoever comes first keeps theirs. Returns the hash of what is kept. */
async function keep(db: Knex.Transaction, which: Which, file: StoredFile): Promise<string> {
  const rows = await db('signatures').where(which).forUpdate().select<SignatureRow[]>('id', 'pdf_sha256');
  const known = rows.find((row) => row.pdf_sha256)?.pdf_sha256;
  if (known) return known;
  await db('signatures').where(which).update({ pdf_sha256: file.sha256, pdf_size: file.size });
  await attach(db, { organization_id: which.organization_id, document_id: which.document_id }, [file]);
  return file.sha256;
}

async function seal(
  { db, storage, printer, secret, base_url, pdf }: Sealing,
  signatures: SignatureRow[],
): Promise<Buffer> {
  const [first] = signatures;
  if (!first) throw new Error('There is no signature to seal.');
  const { organization_id, document_id, version, locale, type, number, signed_at } = first;
  const organization = await withActor(db, systemActor(organization_id), (db) =>
    db('organizations').where({ id: organization_id }).first('name', 'accent', 'time_zone'),
  );
  const certified = {
    signatures,
    drawings: await drawingsOf(storage, signatures),
    type_label: typeNamed(type).label,
    organization,
  };
  const { content } = await pdf(organization_id, document_id, version, locale);
  const certificate = await printer.render(certificatePage({ ...certified, check_url: `${base_url}/check` }));
  const key = await signingKeyOf(db, secret, organization_id);
  return signPdf(await joined(content, certificate), key, {
    reason: `${number}, signed by ${first.name}`,
    name: organization.name,
    at: signed_at,
  });
}

async function drawingsOf(storage: Storage, signatures: SignatureRow[]): Promise<Map<string, Buffer>> {
  const hashes = signatures.flatMap(({ drawing_sha256 }) => drawing_sha256 ?? []);
  return new Map(await Promise.all(hashes.map(async (sha256) => [sha256, await storage.get(sha256)] as const)));
}
