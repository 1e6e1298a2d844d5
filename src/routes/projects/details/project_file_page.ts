import { isId } from '../../../db/ids.js';
import { NotFound } from '../../../errors.js';
import type { Link } from '../../../pages/views/components.js';
import { defineView } from '../../../pages/views/render.js';
import type { ProjectHead } from '../../../projects/project_head.js';
import { one } from '../../forms/field_values.js';
import type { ActionPage, Errors, FormState } from '../../shared/form.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { maxBytes, sizeText } from '../../shared_files/files_view.js';
import { offersAct } from '../project_offers.js';
import { keyIn, type ProjectFrame, readPage } from '../project_page.js';
import { projectFileVersions, projectFolders, type ProjectFileRow } from './details_queries.js';
import { readerOf, showDetails } from './project_details_page.js';
import { type FilesReader, type ProjectFileItem, projectFileItem } from './files_section.js';

/** A file of a project with its versions. */
interface ProjectFileInput {
  frame: ProjectFrame;
  name: string;
  back: Link;
  versions: ProjectFileItem[];
  forms: FileForms;
  errors: Errors;
}

/** What its reader may do with it; null: not that. */
interface FileForms {
  file: string;
  replace_url: string | null;
  remove_url: string | null;
  move_url: string | null;
  /** Null, too, where it is shared already. */
  share_url: string | null;
  folder: string;
  folders: string[];
  size_text: string;
  /** The name of the other side, and whether it is told of a new version. */
  other: string;
  told: boolean;
}

export const projectFileShow = defineView<ProjectFileInput>('projects/details/file');

/** Answers with the page of a file, unless it is gone. @throws NotFound for whom the project's files are not there */
async function showProjectFile(ctx: RequestContext, series: string, form: FormState | null = null): Promise<boolean> {
  const { res, actor } = ctx;
  const key = keyIn(ctx);
  const versions = projectFileVersions(actor, key, isId(series) ? series : null);
  const { head, frame, found, i18n, url } = await readPage(ctx, 'details', versions, projectFolders(actor, key));
  const [rows, folders] = found;
  const [last] = rows;
  if (!last) return false;
  const reader = readerOf(ctx, head, i18n, url);
  const folder = last.folder ? `?${new URLSearchParams({ folder: last.folder }).toString()}` : '';
  const input: ProjectFileInput = {
    ...{ frame, name: last.name },
    back: { href: `${url}/details${folder}`, label: last.folder || i18n.t('Files') },
    versions: rows.map((row) => projectFileItem(row, reader)),
    forms: formsOf(ctx, head, last, reader, folders.map((one) => one.folder).filter(Boolean)),
    errors: form?.errors ?? {},
  };
  res.send(contextPage(ctx, projectFileShow, last.name, input));
  return true;
}

function formsOf(
  ctx: RequestContext,
  head: ProjectHead,
  { side, series, folder, audience }: ProjectFileRow,
  reader: FilesReader,
  folders: string[],
): FileForms {
  const { actor } = ctx;
  const own = side === actor.side;
  const url = (name: string, offered: boolean) =>
    offered && offersAct(actor, head, name) ? `${reader.url}/${name}` : null;
  return {
    file: series,
    replace_url: url('replace_file', own),
    remove_url: url('remove_file', own),
    move_url: url('move_file', own || actor.side === 'staff'),
    share_url: url('share_file', own && audience !== 'both'),
    ...{ folder, folders },
    size_text: sizeText(maxBytes(ctx), reader.i18n.t),
    other: actor.side === 'staff' ? reader.customer : reader.staff,
    told: audience === 'both',
  };
}

/** The page of one file of a project. */
export async function projectFile(ctx: RequestContext) {
  if (!(await showProjectFile(ctx, String(ctx.req.params['file'])))) throw new NotFound();
}

/** The page with the forms of one file; once that is gone, the project's files, where it says so. */
export const projectFileFormPage: ActionPage = {
  async show(ctx, form) {
    if (!(await showProjectFile(ctx, one(form.input, 'file'), form))) await showDetails(ctx, form);
  },
  next(ctx, _result, action) {
    const url = `/${ctx.membership.slug}/projects/${keyIn(ctx)}/details`;
    if (action === 'remove_file') return `${url}?done=saved`;
    return `${url}/files/${one({ ...ctx.req.body }, 'file')}?done=${action === 'share_file' ? 'shared' : 'saved'}`;
  },
};
