import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { attach, replaceFile } from '../../files/file.js';
import type { Storage } from '../../files/storage.js';
import { formatFor } from '../../pages/format.js';
import { pdfPage } from '../../pages/print_html.js';
import { translatorFor } from '../../pages/i18n.js';
import type { QrSlip, Sheet } from '../../pages/views/components.js';
import type { PdfLayout } from '../../pages/views/layouts.js';
import { defineView } from '../../pages/views/render.js';
import { printWithSlip, SLIP_MARK } from './print_slip.js';
import { aboveSlip, qrSlip } from './qr_slip.js';
import { sheet } from './sheet.js';
import type { Snapshot } from '../content/version.js';

export interface Printer {
  render(html: string): Promise<Buffer>;
}

export const documentPdf = defineView<{ document: Sheet; slip: QrSlip | null; mark: string | null }, PdfLayout>(
  'documents/pdf',
);

/** The PDF of a version in a language, made from its snapshot alone: the same sheet as on its page. */
export function printSnapshot(
  printer: Printer,
  snapshot: Omit<Snapshot, 'number'> & { number: string | null },
  accent: string,
  locale: string,
): Promise<Buffer> {
  const i18n = { t: translatorFor(locale), format: formatFor({ locale, time_zone: 'UTC' }) };
  const document = { ...sheet(snapshot, i18n), open: 0 };
  const number = snapshot.number ?? i18n.t('Draft');
  const label = `${document.head.label} ${document.head.number ?? i18n.t('Draft')}`;
  const page = { locale, time_zone: 'UTC', accent, title: number, label, view: documentPdf };
  const bill = qrSlip(snapshot, locale);
  if (!bill) return printer.render(pdfPage({ ...page, input: { document, slip: null, mark: null } }));
  const { slip, account } = bill;
  const above = aboveSlip(document, snapshot.accounts ?? [], account);
  return printWithSlip(
    (html) => printer.render(html),
    (height) =>
      pdfPage({
        ...page,
        slip: { height },
        input: { document: above, slip, mark: height === null ? SLIP_MARK : null },
      }),
  );
}

/**
 * The PDF of a version in a language: made once, then stored; made again if its file is gone.
 * @throws NotFound if there is no such version.
 */
export async function pdfOf(
  db: Knex,
  storage: Storage,
  printer: Printer,
  organization_id: string,
  document_id: string,
  version: number,
  locale: string,
) {
  const system = systemActor(organization_id);
  const [file, frozen, organization] = await withActor(db, system, (db) =>
    Promise.all([
      db('files').where({ organization_id, subject_id: document_id, version, locale }).first('sha256', 'name'),
      db('versions').where({ organization_id, document_id, version }).first('snapshot'),
      db('organizations').where({ id: organization_id }).first('accent'),
    ]),
  );
  if (!frozen) throw new NotFound();
  const kept = file && (await storage.find(file.sha256));
  if (kept) return { filename: file.name as string, content: kept };
  const snapshot = frozen.snapshot as Snapshot;
  const content = await printSnapshot(printer, snapshot, organization.accent, locale);
  const stored = await storage.put(content, `${snapshot.number}.pdf`, 'application/pdf');
  const place = { organization_id, subject_id: document_id, version, locale };
  await withActor(db, system, async (db) => {
    await (file ? replaceFile(db, place, stored) : attach(db, place, [stored]));
  });
  return { filename: stored.name, content };
}
