import { type Request, type Response, Router } from 'express';
import { subjectLabel } from '../../activity/sentence.js';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { renderPage } from '../../pages/views/render.js';
import { signaturesIn } from '../../signing/verify.js';
import { bareLayout, i18nOf } from '../shared/layout.js';
import { hashedUpload } from '../shared/uploads.js';
import { type VerifyPdfInput, verifyPdfView } from './views.js';

/** Routes for checking whether a PDF is the one that was signed. The uploaded file is not stored. */
export function verifyPdf(db: Database, config: Config): Router {
  const router = Router();
  router.get('/check', (req, res) => show(req, res, null));
  router.post('/check', hashedUpload(config), (req, res) => check(db, req, res));
  return router;
}

async function check(db: Database, req: Request, res: Response) {
  const layout = bareLayout(req, '');
  const { t, format } = i18nOf(layout);
  const at = (moment: Date) => `${format.dateTime(moment)} (${layout.time_zone})`;
  const sha256 = req.file?.sha256;
  if (!sha256) return show(req, res.status(422), { error: t('Choose the PDF first.') });
  const signatures = await signaturesIn(db.pool, sha256);
  const [first] = signatures;
  const found = first && {
    document: subjectLabel(t, first.type, first.number),
    title: first.title,
    version: first.version,
    organization: first.organization,
    content_sha256: first.content_sha256,
    signers: signatures.map(({ name, email, signed_at }) => ({ name, email, at: at(signed_at) })),
  };
  show(req, res, { error: null, sha256, found: found ?? null });
}

function show(req: Request, res: Response, result: VerifyPdfInput['result']): void {
  res.send(renderPage(verifyPdfView, bareLayout(req, 'Check a signed PDF'), { result }));
}
