import { z } from 'zod';
import { read } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { NotFound } from '../../../errors.js';
import type { Translate } from '../../../pages/i18n.js';
import { defineView } from '../../../pages/views/render.js';
import { type ProjectHead, projectHead, SHOWABLE, type Showable } from '../../../projects/project_head.js';
import { projectParts } from '../../../subjects/project/project_lifecycle.js';
import { metaOf } from '../../../input/fields.js';
import { one } from '../../forms/field_values.js';
import type { ActionPage, Errors } from '../../shared/form.js';
import { i18nOf } from '../../shared/layout.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { keyIn } from '../project_page.js';
import { type SharedTask, sharedTasks, TASKS_SHOWN } from './sharing_queries.js';

interface SharingInput {
  project: { name: string; url: string };
  partner: string;
  parts: { name: string; label: string; hint: string; checked: boolean }[];
  /** What changes by saving. */
  preview: string;
  action: string;
  url: string;
  error: string | null;
  tasks: { id: string; title: string; kind: string; shown: boolean; done_by: string }[];
  /** Its tasks are shown at all. */
  shows_tasks: boolean;
  next: string | null;
}

export const sharingView = defineView<SharingInput>('projects/sharing/page');

const HINTS: Record<Showable, string> = {
  tasks: 'The tasks chosen below, with their dates and state.',
  calendar: 'Events they are invited to, and what is due.',
  time: 'Time that you have approved.',
  finances: 'Their quotes, orders and invoices of this project. They can always open those from the lists.',
  details: 'The description, and files that you share.',
  comments: 'The project’s conversation. If off, comments stay within your team.',
  people: 'If off, staff appear under your company’s name, vendors by their trade.',
};

const Params = z.object({ preview: z.string().optional().catch(undefined), after: z.string().max(80).catch('') });

/** What the customer of a project sees of it. */
export const showSharing = async (ctx: RequestContext) => ctx.res.send(await sharingForm(ctx));

/** Shown again after what could not be done. */
export const sharingPage: ActionPage = {
  show: async (ctx, { errors }) => ctx.res.send(await sharingForm(ctx, errors)),
};

/** The page, with what was chosen but not saved yet. @throws NotFound */
export async function sharingForm(ctx: RequestContext, errors: Errors = {}): Promise<string> {
  const { db, req, actor, membership } = ctx;
  const { preview, after } = Params.parse(req.query);
  const key = keyIn(ctx);
  const [[head], tasks] = await read(db.pool, actor, projectHead(actor, key), sharedTasks(actor, key, after));
  if (!head) throw new NotFound();
  const { t, format } = i18nOf(actor);
  const chosen = preview === undefined ? head.shown : SHOWABLE.filter((name) => one({ ...req.query }, name) !== '');
  const url = `/${membership.slug}/projects/${head.key}`;
  const page = tasks.slice(0, TASKS_SHOWN);
  return contextPage(ctx, sharingView, t('Sharing'), {
    project: { name: head.name, url },
    partner: head.partner,
    parts: SHOWABLE.map((name) => partView(name, chosen, t)),
    preview: previewOf(head, chosen, { t, format }),
    ...{ action: `${url}/share_project`, url: `${url}/sharing`, error: Object.values(errors)[0] ?? null },
    tasks: page.map(taskView),
    shows_tasks: head.shown.includes('tasks'),
    next: tasks.length > TASKS_SHOWN ? `${url}/sharing?after=${page.at(-1)?.position}` : null,
  });
}

const taskView = ({ id, title, kind, shown, vendor, trade }: SharedTask) => ({
  ...{ id, title, kind, shown },
  done_by: [vendor, trade].filter(Boolean).join(' · '),
});

const labelOf = (name: Showable, t: Translate) => t(metaOf(projectParts.shape[name]).label ?? '');

const partView = (name: Showable, chosen: readonly string[], t: Translate) => ({
  ...{ name, label: labelOf(name, t), hint: t(HINTS[name]), checked: chosen.includes(name) },
});

/** "Maple Street Clinic will see: Time. They will no longer see: Comments." */
function previewOf(
  { shown, partner }: ProjectHead,
  chosen: readonly Showable[],
  { t, format }: Pick<I18n, 't' | 'format'>,
): string {
  const added = chosen.filter((name) => !shown.includes(name)).map((name) => labelOf(name, t));
  const removed = shown.filter((name) => !chosen.includes(name)).map((name) => labelOf(name, t));
  const sentences = [
    added.length ? t('{{name}} will also see: {{parts}}.', { name: partner, parts: format.list(added) }) : '',
    removed.length ? t('{{name}} will no longer see: {{parts}}.', { name: partner, parts: format.list(removed) }) : '',
  ];
  return sentences.filter(Boolean).join(' ') || t('{{name}} sees what is checked here.', { name: partner });
}
