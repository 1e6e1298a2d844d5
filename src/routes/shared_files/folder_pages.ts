import { z } from 'zod';
import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { Composer, Filters, Link, TimelineItem } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { requireMay } from '../../subjects/may.js';
import { sharedFolder } from '../../subjects/shared_folder_lifecycle.js';
import { composerView, type ConversationParts, conversationView } from '../conversation/conversation_view.js';
import { timelineView } from '../conversation/timeline_view.js';
import type { ActionPage, FormState } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { idParam, pathId, textParam } from '../shared/params.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { showFile } from './file_page.js';
import { emptyText, maxBytes, sharedFileItem, type SharedFileItem, type UploadForm, uploadForm } from './files_view.js';
import { folderPage, type FolderPage, sharedFileList } from './folder_queries.js';

/** All files that a partner and the organization share, beside their conversation. */
interface FolderInput extends ConversationParts {
  title: string;
  /** For staff: its partner. */
  back: Link | null;
  filters: Filters | null;
  files: SharedFileItem[];
  next: string | null;
  /** What is said where no file is. */
  empty: string;
  upload: UploadForm | null;
  composer: Composer;
  timeline: TimelineItem[];
  live_url: string;
  seen_url: string;
  /** The name of the other side. */
  with: string;
}

export const folderShow = defineView<FolderInput>('shared_files/show');

const PAGE_SIZE = 50;
const Params = z.object({ q: textParam, before: idParam });

/** A folder's page. `form`: a submitted form to show again. @throws NotFound; NotAllowed for who came by another link */
export async function showFolder(ctx: RequestContext, form: FormState | null = null) {
  const { db, req, res, actor, membership } = ctx;
  const id = pathId(req, 'key');
  const { q: words, before } = Params.parse(req.query);
  const list = sharedFileList(actor, id, PAGE_SIZE, { words, before });
  const [[page], files] = await read(db.pool, actor, folderPage(actor, id), list);
  if (!page) requireMay(actor, 'everything');
  if (!page) throw new NotFound();
  const i18n = i18nOf(actor);
  const { slug, organization } = membership;
  const url = `/${slug}/${sharedFolder.page}/${id}`;
  const other = actor.side === 'staff' ? page.partner : organization;
  const context = { actor, slug, i18n, form };
  const error = form?.action === 'share' ? (form.errors['files'] ?? form.errors['form'] ?? null) : null;
  const last = files.length > PAGE_SIZE ? files[PAGE_SIZE - 1] : undefined;
  const input: FolderInput = {
    ...conversationView(page, context),
    title: i18n.t('Shared files'),
    back: actor.side === 'staff' ? { href: `/${slug}/partners/${id}`, label: page.partner } : null,
    filters: words || before || files.length > 5 ? filtersOf(url, words, ctx) : null,
    files: files.slice(0, PAGE_SIZE).map((row) => sharedFileItem(row, { actor, slug, folder_url: url })),
    next: last ? `${url}?${new URLSearchParams({ ...(words ? { q: words } : {}), before: last.id }).toString()}` : null,
    empty: words ? i18n.t('No file has a name like this.') : emptyText(other, i18n.t),
    upload: uploadForm(id, { actor, slug, other, max_bytes: maxBytes(ctx) }, error),
    composer: composerView(page, context, url),
    timeline: timelineOf(page, ctx),
    live_url: `${url}/live?after=${page.activities.at(-1)?.id ?? ''}`,
    seen_url: `${url}/view`,
    with: other,
  };
  res.send(contextPage(ctx, folderShow, input.title, input, { notice: unplaced(form) }));
}

function filtersOf(url: string, words: string, { actor }: RequestContext): Filters {
  const { t } = i18nOf(actor);
  const search = { name: 'q', value: words, label: t('File name') };
  return { action: url, search, choices: [], hidden: {}, clear: words ? url : null };
}

const timelineOf = (page: FolderPage, { actor }: RequestContext): TimelineItem[] =>
  timelineView({ ...page, type: sharedFolder.name, number: null }, page.partner, actor, i18nOf(actor));

/** What no form of the page can show. */
const unplaced = (form: FormState | null) =>
  form && !['comment', 'share'].includes(form.action) ? Object.values(form.errors)[0] : undefined;

/** The page with the forms of one file; once that is no longer shared, the folder's, which says so. */
export const fileFormPage: ActionPage = {
  async show(ctx, form) {
    if (!(await showFile(ctx, String(form.input['file']), form))) await showFolder(ctx, form);
  },
};
