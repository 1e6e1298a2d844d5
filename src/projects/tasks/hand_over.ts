import type { Knex } from 'knex';
import type { FollowUpAct, Subject } from '../../acting/context.js';
import { recordAct } from '../../acting/record_act.js';
import { findParticipants, type Participant } from '../../activity/notify.js';
import { newId } from '../../db/ids.js';
import type { Actor } from '../../db/scope.js';
import { actionNamed } from '../../subjects/lifecycles.js';
import { addParticipants } from '../../subjects/participants.js';
import { endPart } from '../end_part.js';
import { partnerOf, type TaskRow, taskSubject } from './task.js';
import type { TaskAct } from './task_acts.js';
import type { TaskColumns } from './task_fields.js';

/** Of a vendor's contacts so many get what nobody there was chosen for. */
const MOST_CONTACTS = 3;

type Doer = Pick<TaskColumns, 'assignee_id' | 'vendor_id'>;

/**
 * Gives a task to other people: who loses it is told, and reads no more of it if they are of another partner; the new
 * ones take part. Returns the act that tells these. Before the task's columns change.
 */
export async function handOver(db: Knex.Transaction, act: TaskAct, doer: Doer): Promise<FollowUpAct[]> {
  const { row, subject } = act;
  const { assignee_id, vendor_id } = doer;
  if (assignee_id === row.assignee_id && vendor_id === row.vendor_id) return [];
  if (row.assignee_id || row.vendor_id) await tellLosers(db, act, vendor_id !== row.vendor_id);
  // Staff who follow it still do.
  if (vendor_id !== row.vendor_id) await endPartOf(db, act, partnerOf(row), vendor_id);
  const given = await newDoers(db, row.organization_id, doer);
  if (!given.people.length) return [];
  await addParticipants(db, subject, given.people);
  return [{ id: row.id, action: 'assign', as: 'same', input: given }];
}

/** Tells who is to do a new task. */
export async function tellDoers(db: Knex.Transaction, actor: Actor, row: TaskRow): Promise<void> {
  const given = await newDoers(db, row.organization_id, row);
  if (!given.people.length) return;
  const subject = taskSubject(row, actor);
  await addParticipants(db, subject, given.people);
  await recordAs(db, actor, subject, 'assign', { ...given, title: row.title }, isForPartner(row) ? 'both' : 'staff');
}

/** Whether who does it is of the partner whose conversation it is: the customer isn't told which of the staff does. */
export const isForPartner = ({ vendor_id, assignee_partner_id }: TaskRow): boolean =>
  vendor_id !== null || assignee_partner_id !== null;

/** Who it is given to: somebody, or those of the vendor who get what is for nobody in particular. */
async function newDoers(db: Knex.Transaction, organization_id: string, { assignee_id, vendor_id }: Doer) {
  const people = assignee_id ? [assignee_id] : vendor_id ? await contactsOf(db, organization_id, vendor_id) : [];
  const [table, id] = assignee_id ? ['people', assignee_id] : ['partners', vendor_id];
  const found: { name: string } | undefined = await db(table).where({ organization_id, id }).first('name');
  // Each of the vendor's contacts reads that it was given to them.
  const given = assignee_id ? { person_id: assignee_id } : { readers: people };
  return { name: found?.name ?? '', people, ...given };
}

/** Those who had it: its assignee, or of a vendor whoever took part. They are told while it is still theirs. */
async function tellLosers(db: Knex.Transaction, { actor, row, subject }: TaskAct, all: boolean): Promise<void> {
  const participants = await findParticipants(db, { organization_id: row.organization_id, subject_id: row.id });
  const isLoser = ({ person_id, partner_id }: Participant) =>
    person_id === row.assignee_id || (all && partner_id !== null && partner_id === row.vendor_id);
  for (const { person_id, partner_id } of participants.filter(isLoser)) {
    const { name } = await db('people').where({ organization_id: row.organization_id, id: person_id }).first('name');
    const details = { title: row.title, person_id, name };
    await recordAs(db, actor, subject, 'lose', details, partner_id ? 'both' : 'staff');
  }
}

async function recordAs(
  db: Knex.Transaction,
  actor: Actor,
  subject: Subject,
  name: 'assign' | 'lose',
  details: object,
  visible_to: 'both' | 'staff',
): Promise<void> {
  const action = actionNamed(subject.type, name);
  if (!action) throw new Error(`A task has no action "${name}".`);
  const act = { actor, subject, name, action, input: {}, files: [], evidence: {}, activity_id: newId() };
  await recordAct(db, act, details, visible_to);
}

/** Ends the part of those of a partner that it is no more: their links, their answers by email and their open pages. */
async function endPartOf(db: Knex.Transaction, { row, subject }: TaskAct, former: string | null, next: string | null) {
  const { organization_id, id: subject_id } = row;
  if (!former || former === next) return;
  const people: string[] = await db('participants as x')
    .join('people as p', (on) => on.on('p.organization_id', 'x.organization_id').on('p.id', 'x.person_id'))
    .where({ 'x.organization_id': organization_id, 'x.subject_id': subject_id, 'p.partner_id': former })
    .pluck('p.id');
  for (const person_id of people) {
    await db('reply_keys').where({ organization_id, subject_id, person_id }).update({ retired: true });
    await endPart(db, subject, person_id);
  }
}

/** The contacts of a vendor who get a task that is given to it: those who manage its account first. */
const contactsOf = (db: Knex.Transaction, organization_id: string, partner_id: string): Promise<string[]> =>
  db('people')
    .where({ organization_id, partner_id, removed_at: null, pending: false, guest: false })
    .orderByRaw(`role = 'manager' desc, id`)
    .limit(MOST_CONTACTS)
    .pluck('id');
