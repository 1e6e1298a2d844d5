import { isId } from '../../db/ids.js';
import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { folderSubject } from '../../shared_files/folder.js';
import { isOffered } from '../../subjects/may.js';
import { sharedFolder } from '../../subjects/shared_folder_lifecycle.js';
import type { FormState } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { maxBytes, sharedFileItem, type SharedFileItem, sizeText } from './files_view.js';
import { fileVersions, type Folder, folderFacts, type SharedFileRow } from './folder_queries.js';

/** A shared file with its versions. */
interface FileInput {
  name: string;
  back: Link;
  versions: SharedFileItem[];
  /** Null for whom may change nothing. */
  change: ChangeForms | null;
  error: string | null;
}

/** The forms of who has shared it. */
interface ChangeForms {
  file: string;
  replace_url: string;
  remove_url: string;
  size_text: string;
  /** Who is told. */
  other: string;
  error: string | null;
}

export const fileShow = defineView<FileInput>('shared_files/file');

/** Answers with the page of a file, unless it is no longer shared. @throws NotFound for whom the folder is not there */
export async function showFile(ctx: RequestContext, series: string, form: FormState | null = null): Promise<boolean> {
  const { db, res, actor, membership } = ctx;
  const id = pathId(ctx.req, 'key');
  const queries = [folderFacts(actor, id), fileVersions(actor, id, isId(series) ? series : null)] as const;
  const [[folder], versions] = await read(db.pool, actor, ...queries);
  if (!folder) throw new NotFound();
  const [last] = versions;
  if (!last) return false;
  const { slug } = membership;
  const { t } = i18nOf(actor);
  const url = `/${slug}/${sharedFolder.page}/${folder.id}`;
  const input: FileInput = {
    name: last.name,
    back: { href: url, label: t('Shared files') },
    versions: versions.map((row) => sharedFileItem(row, { actor, slug, folder_url: url })),
    change: changeForms(ctx, last, folder, form),
    error: form?.errors['form'] ?? null,
  };
  res.send(contextPage(ctx, fileShow, last.name, input));
  return true;
}

function changeForms(
  ctx: RequestContext,
  { side, series }: SharedFileRow,
  folder: Folder,
  form: FormState | null,
): ChangeForms | null {
  const { actor, membership } = ctx;
  const subject = folderSubject(folder);
  const action = sharedFolder.actions['replace'];
  const may = action && isOffered(actor, { name: 'replace', action, subject, today: '' });
  if (!may || side !== actor.side) return null;
  const url = `/${membership.slug}/${sharedFolder.page}/${folder.id}`;
  return {
    file: series,
    replace_url: `${url}/replace`,
    remove_url: `${url}/remove`,
    size_text: sizeText(maxBytes(ctx), i18nOf(actor).t),
    other: actor.side === 'staff' ? folder.partner : membership.organization,
    error: form?.errors['files'] ?? form?.errors['file'] ?? null,
  };
}
