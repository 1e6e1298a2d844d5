import { z } from 'zod';
import type { I18n } from '../../../documents/queries/sheet.js';
import { projectAddress } from '../../../mail/address.js';
import { subjectTitle } from '../../../activity/sentence.js';
import type { Link } from '../../../pages/views/components.js';
import { defineView } from '../../../pages/views/render.js';
import type { ProjectHead } from '../../../projects/project_head.js';
import { lifecycleOf } from '../../../subjects/lifecycles.js';
import type { ActionPage, Errors, FormState } from '../../shared/form.js';
import { one } from '../../forms/field_values.js';
import { idParam } from '../../shared/params.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { type LatestLog, latestDays, latestLog } from '../log/latest_log.js';
import { offersAct } from '../project_offers.js';
import { keyIn, type ProjectFrame, readPage } from '../project_page.js';
import { maxBytes, sizeText } from '../../shared_files/files_view.js';
import * as queries from './details_queries.js';
import { type FilesReader, type ProjectFileItem, projectFileItem } from './files_section.js';

/** A document, such as "Invoice INV-0046", and what it is about. */
interface DocumentLink extends Link {
  title: string;
}

/** What a project is, its files and documents, and its address. */
interface DetailsInput {
  frame: ProjectFrame;
  facts: { label: string; value: string }[];
  description: string;
  documents: DocumentLink[];
  /** Where all of them are, if these are not. */
  all_documents_url: string | null;
  folders: (Link & { current: boolean })[];
  folder: string;
  files: ProjectFileItem[];
  next: string | null;
  /** Null for whom may add none. */
  upload: ProjectUpload | null;
  /** Null without one. */
  address: string | null;
  renew_url: string | null;
  /** Emails that only the reader's side has. `share_url`: null for whom may share none. */
  mails: (queries.KeptMail & { by: string })[];
  share_url: string | null;
  /** The name of the other side. */
  other: string;
  /** Null for whom it is not shown. */
  log: LatestLog | null;
}

/** The form that adds files. */
interface ProjectUpload {
  url: string;
  size_text: string;
  folders: string[];
  /** Staff choose whether the customer may open them. */
  chooses: boolean;
  /** As typed. */
  values: { folder: string; audience: string };
  errors: Errors;
}

export const detailsTab = defineView<DetailsInput>('projects/details/page');

const PAGE_SIZE = 60;
const Params = z.object({ folder: z.string().max(200).nullable().catch(null), before: idParam });

function readDetails(ctx: RequestContext, { folder, before }: z.output<typeof Params>) {
  const { actor } = ctx;
  const key = keyIn(ctx);
  return readPage(
    ctx,
    'details',
    queries.filesInFolder(actor, key, { folder, before, size: PAGE_SIZE }),
    queries.projectFolders(actor, key),
    queries.addressKey(actor, key),
    queries.linkedDocuments(actor, key),
    queries.keptMails(actor, key),
    latestDays(actor, key),
  );
}

/** A project's details. `form`: a submitted form to show again as it was typed. */
export async function showDetails(ctx: RequestContext, form: FormState | null = null) {
  const { req, res, actor } = ctx;
  const params = Params.parse(req.query);
  const { folder } = params;
  const read = await readDetails(ctx, params);
  const { head, frame, found, i18n, url } = read;
  const [files, folders, [address], documents, mails, days] = found;
  const reader = readerOf(ctx, head, i18n, url);
  const names = folders.map((one) => one.folder).filter(Boolean);
  const input: DetailsInput = {
    ...{ frame, folder: folder ?? '', description: head.description, facts: factsOf(head, reader) },
    documents: documents.slice(0, queries.MOST_DOCUMENTS).map((one) => documentLink(one, reader)),
    all_documents_url: documents.length > queries.MOST_DOCUMENTS ? `${url}/finances` : null,
    folders: folderLinks(folders, folder, reader),
    files: files.slice(0, PAGE_SIZE).map((row) => projectFileItem(row, reader)),
    next: nextPage(files, folder, url),
    upload: uploadOf(ctx, head, { reader, folders: names, folder: folder ?? '', form }),
    address: address ? projectAddress(head.key, address.key, String(req.app.get('mail domain'))) : null,
    renew_url: offersAct(actor, head, 'renew_address') ? `${url}/renew_address` : null,
    mails: mails.map((mail) => ({ ...mail, by: mail.person ?? i18n.t('Someone') })),
    share_url: offersAct(actor, head, 'share_mail') ? `${url}/share_mail` : null,
    other: actor.side === 'staff' ? reader.customer : reader.staff,
    log: actor.side === 'staff' || head.shown.includes('comments') ? latestLog(days, ctx, read) : null,
  };
  const notice = form && form.action !== 'add_file' ? Object.values(form.errors)[0] : undefined;
  res.send(contextPage(ctx, detailsTab, head.name, input, { notice }));
}

/** Who reads a project's files. */
export const readerOf = (
  { actor, membership }: RequestContext,
  head: ProjectHead,
  i18n: I18n,
  url: string,
): FilesReader => ({
  ...{ actor, i18n, url, slug: membership.slug, staff: membership.organization, customer: head.partner },
});

function factsOf(head: ProjectHead, { actor, i18n: { t, format } }: FilesReader) {
  const { label = head.state } = lifecycleOf('project').stateLabels[head.state] ?? {};
  const fact = (label: string, value: string | null) => (value ? [{ label, value }] : []);
  return [
    ...(actor.side === 'staff' ? fact(t('Customer'), head.partner) : []),
    ...fact(t('Key'), head.key),
    ...fact(t('Manager'), head.manager),
    ...fact(t('Starts'), head.starts_on && format.date(head.starts_on)),
    ...fact(t('Ends'), head.ends_on && format.date(head.ends_on)),
    ...fact(t('Status'), t(label)),
  ];
}

function documentLink({ id, type, number, title }: queries.LinkedDocument, { slug, i18n }: FilesReader): DocumentLink {
  return { href: `/${slug}/documents/${number ?? id}`, label: subjectTitle(i18n.t, type, number), title };
}

const folderUrl = (url: string, folder: string | null) =>
  `${url}/details${folder === null ? '' : `?${new URLSearchParams({ folder }).toString()}`}`;

/** All files, then those of each folder; none while all are in none. */
function folderLinks(folders: { folder: string }[], current: string | null, { i18n: { t }, url }: FilesReader) {
  if (!folders.some(({ folder }) => folder)) return [];
  return [null, ...folders.map(({ folder }) => folder)].map((folder) => ({
    ...{ href: `${folderUrl(url, folder)}#files`, label: folder ?? t('All') },
    ...(folder === '' ? { label: t('No folder') } : {}),
    current: folder === current,
  }));
}

function nextPage(files: readonly { id: string }[], folder: string | null, url: string): string | null {
  const last = files.length > PAGE_SIZE ? files[PAGE_SIZE - 1] : undefined;
  if (!last) return null;
  const query = new URLSearchParams({ ...(folder === null ? {} : { folder }), before: last.id });
  return `${url}/details?${query.toString()}#files`;
}

interface UploadContext {
  reader: FilesReader;
  folders: string[];
  folder: string;
  form: FormState | null;
}

function uploadOf(
  ctx: RequestContext,
  head: ProjectHead,
  { reader, folders, folder, form }: UploadContext,
): ProjectUpload | null {
  if (!offersAct(ctx.actor, head, 'add_file')) return null;
  const shown = form?.action === 'add_file' ? form : null;
  return {
    url: `${reader.url}/add_file`,
    size_text: sizeText(maxBytes(ctx), reader.i18n.t),
    folders,
    chooses: ctx.actor.side === 'staff',
    values: shown
      ? { folder: one(shown.input, 'folder'), audience: one(shown.input, 'audience') }
      : { folder, audience: 'own' },
    errors: shown?.errors ?? {},
  };
}

/** The page with the forms of a project's files and address; back in the folder that a file was added to. */
export const detailsFormPage: ActionPage = {
  show: showDetails,
  next(ctx, _result, action) {
    const folder = action === 'add_file' ? one({ ...ctx.req.body }, 'folder') : '';
    const query = new URLSearchParams({ ...(folder ? { folder } : {}), done: DONE[action] ?? 'done' });
    return `/${ctx.membership.slug}/projects/${keyIn(ctx)}/details?${query.toString()}`;
  },
};

const DONE: Record<string, string> = { add_file: 'saved', share_mail: 'shared', renew_address: 'saved' };
