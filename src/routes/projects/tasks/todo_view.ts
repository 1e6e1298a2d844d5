import { capital, subjectLabel } from '../../../activity/sentence.js';
import { typeNamed } from '../../../document_types/index.js';
import type { AwaitedInProject } from '../../../documents/queries/waiting.js';
import { describeState } from '../../../documents/queries/sheet.js';
import { isOffered } from '../../../subjects/may.js';
import { isPermitted, permissionFor } from '../../../subjects/permissions.js';
import type { ContactRole } from '../../../subjects/contact_roles.js';
import { isUnpriced } from '../../shared/rows.js';
import type { TaskReader } from './task_rows.js';
import type { OwnTask } from './top_queries.js';

/** Something that waits for the reader. `url`: it is done by a press; or else `href` leads on. */
export interface Todo {
  title: string;
  href: string;
  detail: string;
  button: { label: string; url: string | null } | null;
}

type Signer = { name: string; role: ContactRole };

/** What waits for the reader in a project: documents, then their own tasks. */
export const todoView = (
  documents: readonly AwaitedInProject[],
  tasks: readonly OwnTask[],
  signers: readonly Signer[],
  reader: TaskReader,
): Todo[] => [
  ...documents.map((row) => documentTodo(row, signers, reader)),
  ...tasks.map((row) => taskTodo(row, reader)),
];

function documentTodo(row: AwaitedInProject, signers: readonly Signer[], reader: TaskReader): Todo {
  const { slug, day, i18n, actor } = reader;
  const { t, format } = i18n;
  const side = actor.side === 'staff' ? 'staff' : 'partner';
  const label = capital(subjectLabel(t, row.type, row.number));
  const amount = isUnpriced(row) || !row.total ? null : format.money(row.total, row.currency);
  const { move } = describeState(row, side, day, i18n);
  const who = whoCan(row, signers, reader);
  return {
    title: row.title || label,
    href: `/${slug}/documents/${row.number ?? row.id}`,
    detail: [row.title ? label : null, amount, who.asks ?? move].filter(Boolean).join(' · '),
    button: who.asks ? null : { label: t(who.signs ? 'Review and sign' : 'Review'), url: null },
  };
}

/** Whether its reader may do what it waits for; if not, who can. */
function whoCan(row: AwaitedInProject, signers: readonly Signer[], { actor, day, i18n: { t, format } }: TaskReader) {
  const { actions, module } = typeNamed(row.type);
  const side = actor.side === 'staff' ? 'staff' : 'partner';
  const found = Object.entries(actions).find(
    ([, { by, style, from }]) => by === side && style === 'primary' && from?.includes(row.state),
  );
  if (!found) return { asks: null, signs: false };
  const [name, action] = found;
  const unknown = { credit: 0, sent_on: null, reminders: 0, reminded_on: null, reminder_days: [], online: false };
  const subject = { ...row, ...unknown, partial_payments: false, reference_required: false };
  const signs = action.signs === 'always' || (action.signs === 'if required' && row.signature_required);
  if (side === 'staff' || isOffered(actor, { name, action, subject, today: day })) return { asks: null, signs };
  const names = signers
    .filter(({ role }) => isPermitted({ side, role }, permissionFor(side, module, action)))
    .map((one) => one.name);
  const list = format.either(names.slice(0, 3));
  return {
    asks: names.length ? t(signs ? '{{names}} can sign this' : '{{names}} can do this', { names: list }) : null,
    signs,
  };
}

/** By when, and what waits for it. */
function taskTodo({ number, title, due_on }: OwnTask, { slug, day, i18n: { t, format } }: TaskReader): Todo {
  const url = `/${slug}/tasks/${number}`;
  const late = due_on !== null && due_on < day;
  const date = due_on ? format.weekday(due_on) : '';
  return {
    title,
    href: url,
    detail: due_on ? t(late ? 'Was due {{date}}' : 'By {{date}}', { date }) : '',
    button: { label: t('Mark as done'), url: `${url}/finish` },
  };
}
