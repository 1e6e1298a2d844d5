import { z } from 'zod';
import type { Format } from '../../../pages/format.js';
import type { Translate } from '../../../pages/i18n.js';
import type { Detail } from '../details.js';
import type { EventEmail } from '../event_email.js';

/** A task: where it belongs, when it is due, and whether its reader is to do it. */
export interface EmailedTask {
  project: string;
  starts_on: string | null;
  due_on: string | null;
  /** What is to be done, in more words; '' if nothing is said. */
  note: string;
  /** It has not been started. */
  open: boolean;
  /** They may mark it as done. */
  theirs: boolean;
  /** Their date awaits an answer. */
  confirmed: boolean;
  /** Staff are asked for another date. */
  other_date: string | null;
  /** It is no more theirs. */
  lost: boolean;
}

/** SQL: the task of a subject `s`, for a reader `r`, as JSON; null if it is none. $1: the organization. */
export const EMAILED_TASK = `case when s.kind = 'task' then (
    select json_build_object('project', j.name, 'note', k.note, 'open', k.state = 'open', 'starts_on', k.starts_on, 'due_on', k.due_on,
      'theirs', k.kind <> 'phase' and k.state in ('open', 'started')
        and (k.assignee_id = r.id or (k.assignee_id is null and k.vendor_id = r.partner_id)),
      'confirmed', k.confirmed_due_on is not distinct from k.due_on,
      'other_date', case when r.partner_id is null then k.proposed_due_on end,
      'lost', r.partner_id is not null and r.partner_id is distinct from s.partner_id)
    from tasks k join projects j on j.organization_id = k.organization_id and j.id = k.project_id
    where k.organization_id = $1 and k.id = s.id) end`;

const Moved = z.object({ due_on: z.string().optional(), was_due_on: z.string().nullish() });

/** The date before and after, where it was moved; the other one that is asked for; of a new task what is to be done. */
export function taskDetails({ activity, task }: EventEmail, t: Translate, format: Format): Detail[] {
  if (!task || task.lost) return [];
  const { due_on, was_due_on } = Moved.catch({}).parse(activity.details);
  const date = (day: string | null | undefined) => (day ? format.date(day) : '–');
  if ((activity.action === 'move' || activity.action === 'accept_date') && due_on)
    return [{ label: t('Due'), before: date(was_due_on), after: date(due_on) }];
  if (activity.action === 'propose_date') return [{ label: t('Due'), before: date(task.due_on), after: date(due_on) }];
  return activity.action === 'assign' && task.theirs && task.note ? [{ text: task.note.slice(0, MOST_NOTE) }] : [];
}

const MOST_NOTE = 1000;
