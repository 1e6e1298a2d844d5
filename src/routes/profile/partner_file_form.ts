import { pipeline } from 'node:stream/promises';
import { read } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { downloadHeaders } from '../../files/file.js';
import type { Storage, StoredFile } from '../../files/storage.js';
import type { Translate } from '../../pages/i18n.js';
import type { Field, HiddenFields, Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { addPartnerFile, FILE_KINDS, FILE_LABELS } from '../../people/partner_profile/partner_files.js';
import { parsePartnerFile } from '../../people/partner_profile/profile_form.js';
import { submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';
import { idParam, pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { storedFiles } from '../shared/uploads.js';
import { partnerFile } from './profile_queries.js';
import { editablePlace, placeOf, type Profile, readProfile } from './profile_request.js';

interface PartnerFileForm {
  title: string;
  back: Link;
  action: string;
  error: string | null;
  fields: (Field | Field[])[];
  hidden: HiddenFields;
}

export const partnerFileForm = defineView<PartnerFileForm>('profile/file_form');

/** Asks for a document, in the place of another if the address names it. */
export async function newFile(ctx: RequestContext) {
  editablePlace(ctx, 'details');
  const profile = await readProfile(ctx);
  const replaces = idParam.parse(ctx.req.query['replaces'] ?? null);
  const old = profile.files.find(({ id, replaced_at }) => id === replaces && !replaced_at);
  if (replaces && !old) throw new NotFound();
  const values = old ? { kind: old.kind, note: old.note, replaces: old.id } : {};
  ctx.res.send(formPage(ctx, profile, values, {}));
}

export async function submitFile(ctx: RequestContext, storage: Storage) {
  const { req, actor } = ctx;
  const { partner_id, url } = editablePlace(ctx, 'details');
  const values = submittedText(req.body);
  // The form gives its files once, also if the transaction begins again.
  let stored: Promise<StoredFile[]> | undefined;
  const work = async ({ db }: RequestContext) => {
    const fields = parsePartnerFile(req.body);
    const [file, ...more] = await (stored ??= storedFiles(ctx, storage));
    if (!file || more.length) throw new Invalid({ files: 'Choose a file.' });
    const replaces = values['replaces'] ? idParam.parse(values['replaces']) : null;
    await addPartnerFile(db.knex, actor, partner_id, fields, file, replaces);
    return `${url}?done=saved`;
  };
  return submitOnce(ctx, work, async (errors) => formPage(ctx, await readProfile(ctx), values, errors));
}

/** A document of the profile, authorised again by row security. */
export async function sendPartnerFile(ctx: RequestContext, storage: Storage) {
  const { db, actor, req, res } = ctx;
  const [[file]] = await read(db.pool, actor, partnerFile(actor, placeOf(ctx).partner_id, pathId(req, 'id')));
  if (!file) throw new NotFound();
  const { size, bytes } = await storage.read(file.sha256);
  res.set(downloadHeaders(file)).set('Content-Length', String(size));
  await pipeline(bytes, res);
}

function formPage(
  ctx: RequestContext,
  { url, partner, files }: Profile,
  values: Record<string, string>,
  errors: Errors,
): string {
  const t = translatorOf(ctx);
  const old = files.find(({ id }) => id === values['replaces']);
  const title = old ? t('Replace {{name}}', { name: old.name }) : t('Upload document');
  return contextPage(ctx, partnerFileForm, title, {
    title,
    back: { href: url, label: `← ${partner.name}` },
    action: `${url}/files`,
    error: errors['form'] ?? null,
    fields: fileFields(values, errors, t),
    hidden: old ? { replaces: old.id } : {},
  });
}

function fileFields(values: Record<string, string>, errors: Errors, t: Translate): (Field | Field[])[] {
  const field = (name: string, label: string, more: Partial<Field>): Field => ({
    name,
    kind: 'text',
    label,
    value: values[name] ?? '',
    error: errors[name] ?? null,
    ...more,
  });
  const choices = FILE_KINDS.map((value) => ({ value, label: t(FILE_LABELS[value]) }));
  const hint = t('We’ll email a reminder 30 and 7 days before, and on the day.');
  return [
    [
      field('kind', t('Kind'), { kind: 'choice', choices }),
      field('valid_until', t('Valid until'), { kind: 'date', hint }),
    ],
    field('files', t('File'), { kind: 'file', required: true }),
    field('note', t('Note'), { maxlength: 200 }),
  ];
}
