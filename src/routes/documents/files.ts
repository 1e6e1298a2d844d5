import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import type { Database } from '../../db/database.js';
import { type Actor, type Query, read, withActor } from '../../db/scope.js';
import { findDocument } from '../../documents/content/document.js';
import { pdfOf, type Printer } from '../../documents/queries/document_pdf.js';
import { NotFound } from '../../errors.js';
import { documentLocale } from '../../input/locale_tag.js';
import { downloadHeaders } from '../../files/file.js';
import type { Storage, StoredFile } from '../../files/storage.js';
import { members } from '../shared/guard.js';
import { pathId, textParam } from '../shared/params.js';
import { sendWebp } from '../shared_files/pictures.js';

/** Downloads. Each is authorised again, through the document it belongs to. */
export function files(db: Database, storage: Storage, printer: Printer): Router {
  const router = Router();
  router.get(
    '/:organization/documents/:key/pdf',
    members((req, res, actor, { document_locale }) =>
      sendPdf(db, storage, printer, req, res, actor, documentLocale(actor.locale, document_locale)),
    ),
  );
  router.get(
    '/:organization/files/:id/:name',
    members((req, res, actor) => sendFile(db, storage, req, res, actor)),
  );
  router.get(
    '/:organization/pictures/:id',
    members((req, res, actor) => sendSmall(db, storage, req, res, actor)),
  );
  return router;
}

/** The PDF of the version that the address asks for, or else of the current one; as it was signed, if it was. */
export async function sendPdf(
  db: Database,
  storage: Storage,
  printer: Printer,
  req: Request,
  res: Response,
  actor: Actor,
  locale: string,
) {
  const document = await withActor(db.knex, actor, (db) => findDocument(db, actor, String(req.params['key'])));
  const { organization_id, id, version: newest } = document;
  if (newest === 0) throw new NotFound();
  const asked = Number(req.query['version'] ?? newest);
  const version = Number.isInteger(asked) && asked > 0 && asked <= newest ? asked : newest;
  const signed = await signedCopy(db, actor, id, version);
  const { filename, content } = signed
    ? { filename: `${signed.number} signed.pdf`, content: await storage.get(signed.sha256) }
    : await pdfOf(db.knex, storage, printer, organization_id, id, version, locale);
  res.set(downloadHeaders({ name: filename, content_type: 'application/pdf' })).send(content);
}

/** The signed copy of a version, once it is made. */
async function signedCopy(db: Database, actor: Actor, document_id: string, version: number) {
  const query: Query<{ number: string; sha256: string }> = {
    name: 'signed_copy',
    text: `select number, pdf_sha256 as sha256 from signatures
      where organization_id = $1 and document_id = $2 and version = $3 and pdf_sha256 is not null limit 1`,
    values: [actor.organization_id, document_id, version],
  };
  const [[found]] = await read(db.pool, actor, query);
  return found;
}

export async function sendFile(db: Database, storage: Storage, req: Request, res: Response, actor: Actor) {
  const query: Query<Pick<StoredFile, 'sha256' | 'name' | 'content_type'>> = {
    name: 'file',
    text: 'select sha256, name, content_type from files where organization_id = $1 and id = $2',
    values: [actor.organization_id, pathId(req, 'id')],
  };
  const [[file]] = await read(db.pool, actor, query);
  if (!file) throw new NotFound();
  const { size, bytes } = await storage.read(file.sha256);
  res.set(downloadHeaders(file)).set('Content-Length', String(size));
  await pipeline(bytes, res).catch((error: unknown) => {
    if (!hasLeft(error)) throw error;
  });
}

/** The smaller copy of a picture, for whoever may open the picture itself. */
async function sendSmall(db: Database, storage: Storage, req: Request, res: Response, actor: Actor) {
  const query: Query<{ small_sha256: string | null }> = {
    name: 'small_picture',
    text: 'select small_sha256 from files where organization_id = $1 and id = $2',
    values: [actor.organization_id, pathId(req, 'id')],
  };
  const [[file]] = await read(db.pool, actor, query);
  if (!file?.small_sha256) throw new NotFound();
  await sendWebp(res, storage, file.small_sha256, textParam.parse(req.query['v']));
}

/** Whether the reader went away before the end. */
const hasLeft = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
