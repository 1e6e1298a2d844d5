import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read, withActor } from '../../db/scope.js';
import { isId } from '../../db/ids.js';
import { findDocument } from '../../documents/content/document.js';
import { pdfOf, type Printer } from '../../documents/queries/document_pdf.js';
import { NotFound } from '../../errors.js';
import { downloadHeaders } from '../../files/file.js';
import type { Storage, StoredFile } from '../../files/storage.js';
import { members } from '../shared/guard.js';

/** Downloads: each is authorised anew, through the document it hangs on. */
export function files(db: Database, storage: Storage, printer: Printer): Router {
  const router = Router();

  router.get(
    '/:organization/documents/:key/pdf',
    members(async (req, res, actor) => {
      const document = await withActor(db.knex, actor, (db) => findDocument(db, actor, String(req.params['key'])));
      if (document.version === 0) throw new NotFound();
      const { organization_id, id } = document;
      const asked = Number(req.query['version'] ?? document.version);
      const version = Number.isInteger(asked) && asked > 0 && asked <= document.version ? asked : document.version;
      const { filename, content } = await pdfOf(db.knex, storage, printer, organization_id, id, version, actor.locale);
      res.set(downloadHeaders({ name: filename, content_type: 'application/pdf' })).send(content);
    }),
  );

  router.get(
    '/:organization/files/:id/:name',
    members(async (req, res, actor) => {
      const id = String(req.params['id']);
      if (!isId(id)) throw new NotFound();
      const query = {
        name: 'file',
        text: 'select sha256, name, content_type from files where organization_id = $1 and id = $2',
        values: [actor.organization_id, id],
      };
      const [rows] = await read(db.pool, actor, query);
      const file = rows[0] as Pick<StoredFile, 'sha256' | 'name' | 'content_type'> | undefined;
      if (!file) throw new NotFound();
      res.set(downloadHeaders(file)).send(await storage.get(file.sha256));
    }),
  );

  return router;
}
