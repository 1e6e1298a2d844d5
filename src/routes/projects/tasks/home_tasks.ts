import type { Actor, Query } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import type { Move } from '../../home/home_view.js';

/** A task as first pages list it. */
export interface HomeTask {
  number: string;
  title: string;
  due_on: string | null;
  /** The name of its project. */
  project: string;
  /** Who asks for another date, and for which. */
  asks: string | null;
  proposed_due_on: string | null;
}

const FEW = 10;
/** Staff see their own so many days before they are due. */
const DAYS_AHEAD = 7;

const COLUMNS = `t.number, t.title, t.due_on, t.proposed_due_on,
  (select j.name from projects j where j.organization_id = $1 and j.id = t.project_id) as project`;

const LIVING = `t.state in ('open', 'started') and t.kind <> 'phase'`;

/** The reader's tasks, the most urgent first, those without a date last; `day`: those due within a week of it. */
export const tasksOf = ({ organization_id, person_id, partner_id }: Actor, day: string | null): Query<HomeTask> => ({
  name: `home_tasks${day ? '_week' : ''}${partner_id ? '_of_partner' : ''}`,
  text: `select ${COLUMNS}, null as asks from (
      (select * from tasks t where t.organization_id = $1 and t.assignee_id = $2 and ${LIVING}
        ${day ? `and t.due_on <= $3::date + ${DAYS_AHEAD}` : ''} order by t.due_on limit ${FEW})
      ${partner_id ? `union all (${OF_VENDOR})` : ''}) t
    order by t.due_on, t.id limit ${FEW}`,
  values: [organization_id, person_id, ...(day ? [day] : []), ...(partner_id ? [partner_id] : [])],
});

/** What its company is to do, and nobody there in particular. Among so many of the newest projects' tasks. */
const OF_VENDOR = `select * from (
    select * from tasks where organization_id = $1 and vendor_id = $3 order by project_id desc limit 200) t
  where t.assignee_id is null and ${LIVING} order by t.due_on limit ${FEW}`;

/** For staff: the tasks whose doer asks for another date. */
export const askedDates = ({ organization_id }: Actor): Query<HomeTask> => ({
  name: 'asked_dates',
  text: `select ${COLUMNS}, (select p.name from people p where p.organization_id = $1 and p.id = t.proposed_by) as asks
    from (select * from tasks t where t.organization_id = $1 and t.proposed_due_on is not null
      order by t.project_id desc limit ${FEW}) t
    where ${LIVING}`,
  values: [organization_id],
});

/** "Clear the reception · Reception fit-out · by Friday, December 4". */
export function taskMove(row: HomeTask, slug: string, day: string, { t, format }: I18n): Move {
  const { number, title, due_on, project } = row;
  const late = due_on !== null && due_on < day;
  const when = due_on ? t('due {{when}}', { when: format.when(due_on).text }) : null;
  return {
    text: title,
    detail: [project, when].filter(Boolean).join(' · '),
    at: null,
    href: `/${slug}/tasks/${number}`,
    button: t('Open'),
    tone: late ? 'late' : 'waiting',
  };
}

export const askedMove = ({ number, title, asks, proposed_due_on }: HomeTask, slug: string, i18n: I18n): Move => ({
  text: i18n.t('{{name}} asks for another date', { name: asks ?? '' }),
  detail: [title, proposed_due_on && i18n.format.date(proposed_due_on)].filter(Boolean).join(' · '),
  at: null,
  href: `/${slug}/tasks/${number}`,
  button: i18n.t('Answer'),
  tone: 'waiting',
});
