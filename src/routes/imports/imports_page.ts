import { read } from '../../db/scope.js';
import { Invalid } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { type ImportKind, KINDS } from '../../imports/import_kinds.js';
import { newestImports, startImport } from '../../imports/import_store.js';
import type { Choice } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { submitOnce } from '../acts/once.js';
import { type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { storedFiles } from '../shared/uploads.js';
import { KIND_LABELS, STATE_LABELS } from './import_words.js';

interface ImportsInput {
  side: SettingsSide;
  url: string;
  kinds: Choice[];
  values: Readonly<Record<string, string>>;
  errors: Errors;
  imports: { url: string; name: string; kind_label: string; state_label: string; when: string }[];
}

export const importsView = defineView<ImportsInput>('imports/list');

export const IMPORTS = 'organization/imports';

/** What was imported, and a form for more. */
export const showImports = async (ctx: RequestContext) => ctx.res.send(await page(ctx));

/** Begins an import of a file, or of what was pasted. */
export function beginImport(ctx: RequestContext, storage: Storage) {
  const { kind = '', pasted = '' } = submittedText(ctx.req.body);
  const work = async ({ db, actor }: RequestContext) => {
    const known = KINDS.find((one) => one === kind);
    if (!known) throw new Invalid({ kind: 'Choose what’s in the table.' });
    const [file] = await storedFiles(ctx, storage);
    if (!file && !pasted.trim()) throw new Invalid({ files: 'Choose a file, or paste a table.' });
    const { t } = i18nOf(actor);
    const { sha256, name } = file ?? (await storage.put(Buffer.from(pasted), t('Pasted table'), 'text/plain'));
    return `${settingsUrl(ctx, IMPORTS)}/${await startImport(db.knex, actor, { kind: known, name, sha256 })}`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, errors));
}

async function page(ctx: RequestContext, errors: Errors = {}): Promise<string> {
  const { db, req, actor } = ctx;
  const { t, format } = i18nOf(actor);
  const [imports] = await read(db.pool, actor, newestImports(actor));
  const label = (kind: ImportKind) => t(KIND_LABELS[kind]);
  return contextPage(ctx, importsView, t('Import'), {
    ...{ side: settingsSide(ctx, IMPORTS), url: settingsUrl(ctx, IMPORTS), errors },
    kinds: KINDS.map((kind) => ({ value: kind, label: label(kind) })),
    values: Object.keys(errors).length ? submittedText(req.body) : { kind: 'partners' },
    imports: imports.map(({ id, name, kind, state, created_at }) => ({
      ...{ url: `${settingsUrl(ctx, IMPORTS)}/${id}`, name, kind_label: label(kind) },
      ...{ state_label: t(STATE_LABELS[state]), when: format.when(created_at).text },
    })),
  });
}
