import type { Knex } from 'knex';
import { NO_FACTS } from '../../acting/no_facts.js';
import type { Actor } from '../../db/scope.js';
import type { Subject } from '../../acting/context.js';
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
  /** Why its dates have moved. */
  reason: string;
  milestone: boolean;
  estimate_minutes: number | null;
  document_id: string | null;
  done_at: string | null;
  /** Of its assignee; null: of the staff, or nobody. */
  assignee_partner_id: string | null;
}

/** Whose conversation it is: of the vendor that does it, or else of the customer who sees it, or else of staff alone. */
export const partnerOf = ({ vendor_id, customer_id }: Pick<TaskRow, 'vendor_id' | 'customer_id'>): string | null =>
  vendor_id ?? customer_id;

/** A task as what is acted on. */
export const taskSubject = (row: TaskRow, { side, partner_id }: Pick<Actor, 'side' | 'partner_id'>): Subject => ({
  ...NO_FACTS,
  ...{ organization_id: row.organization_id, id: row.id, number: row.number, state: row.state },
  ...{ type: lifecycle.name, partner_id: partnerOf(row), due_on: row.due_on },
  hired: side === 'partner' && row.vendor_id !== null && row.vendor_id === partner_id,
  theirs: side !== 'partner' || [row.vendor_id, row.assignee_partner_id].includes(partner_id),
});

/** SQL: the columns of a task `t`. */
export const TASK = `t.*, (select p.partner_id from people p
  where p.organization_id = t.organization_id and p.id = t.assignee_id) as assignee_partner_id`;

/** The task, as the connection's actor may see it. */
export const findTask = (db: Knex.Transaction, organization_id: string, id: string): Promise<TaskRow | undefined> =>
  db('tasks as t').where({ 't.organization_id': organization_id, 't.id': id }).first<TaskRow | undefined>(db.raw(TASK));
