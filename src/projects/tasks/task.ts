import type { Knex } from 'knex';
import { NO_FACTS } from '../../acting/no_facts.js';
import type { Subject } from '../../acting/context.js';
import type { Actor } from '../../db/scope.js';
import { UNDO_SECONDS } from '../../subjects/project/task_input.js';
import { task as lifecycle } from '../../subjects/project/task_lifecycle.js';

type TaskKind = 'phase' | 'task' | 'step';

/** A task's row. Days ISO 8601, its estimate in minutes. */
export interface TaskRow {
  organization_id: string;
  id: string;
  project_id: string;
  number: string;
  kind: TaskKind;
  /** Of a task its phase, of a step its task. */
  parent_id: string | null;
  /** A decimal, as text. */
  position: string;
  title: string;
  note: string;
  state: string;
  assignee_id: string | null;
  /** The vendor that does it. */
  vendor_id: string | null;
  /** What its doer is called before the customer. */
  trade: string;
  shown: boolean;
  /** The customer who sees it. */
  customer_id: string | null;
  starts_on: string | null;
  due_on: string | null;
  planned_starts_on: string | null;
  planned_due_on: string | null;
  /** Why its dates have moved, who said so, and when. */
  reason: string;
  reason_by: string | null;
  reason_at: Date | null;
  /** The date that its doer agreed to. */
  confirmed_due_on: string | null;
  /** Another one that they ask for. */
  proposed_due_on: string | null;
  proposed_reason: string;
  proposed_by: string | null;
  milestone: boolean;
  estimate_minutes: number | null;
  document_id: string | null;
  /** The due date that its people were told is over. */
  told_due_on: string | null;
  done_at: Date | null;
  done_by: string | null;
  /** Of its assignee; null: of the staff, or nobody. */
  assignee_partner_id: string | null;
}

/** Whose conversation it is: of the vendor that does it, or else of the customer who sees it, or else of staff alone. */
export const partnerOf = ({ vendor_id, customer_id }: Pick<TaskRow, 'vendor_id' | 'customer_id'>): string | null =>
  vendor_id ?? customer_id;

type Reader = Pick<Actor, 'side' | 'partner_id' | 'person_id'> & Partial<Pick<Actor, 'now'>>;

/** A task as what is acted on. A phase is none: what it holds is to be done. */
export const taskSubject = (row: TaskRow, reader: Reader): Subject => ({
  ...NO_FACTS,
  ...{ organization_id: row.organization_id, id: row.id, number: row.number, state: row.state },
  ...{ type: lifecycle.name, partner_id: partnerOf(row), due_on: row.due_on },
  hired: reader.side === 'partner' && row.vendor_id !== null && row.vendor_id === reader.partner_id,
  theirs: row.kind !== 'phase' && isOf(row, reader),
  confirmed: row.due_on !== null && row.confirmed_due_on === row.due_on,
  other_date: row.proposed_due_on !== null,
  undoable: isJustDone(row, reader),
});

const isOf = ({ vendor_id, assignee_partner_id }: TaskRow, { side, partner_id }: Reader): boolean =>
  side !== 'partner' || [vendor_id, assignee_partner_id].includes(partner_id);

function isJustDone({ state, done_by, done_at }: TaskRow, { person_id, now = new Date() }: Reader): boolean {
  if (state !== 'done' || done_by !== person_id || !done_at) return false;
  return now.getTime() - new Date(done_at).getTime() < UNDO_SECONDS * 1000;
}

/** SQL: the columns of a task `t`. */
export const TASK = `t.*, (select p.partner_id from people p
  where p.organization_id = t.organization_id and p.id = t.assignee_id) as assignee_partner_id`;

/** The task, as the connection's actor may see it. */
export const findTask = (db: Knex.Transaction, organization_id: string, id: string): Promise<TaskRow | undefined> =>
  db('tasks as t').where({ 't.organization_id': organization_id, 't.id': id }).first<TaskRow | undefined>(db.raw(TASK));
