import type { Knex } from 'knex';
import { send } from '../../db/writing/transaction.js';
import { addParticipants } from '../../subjects/participants.js';
import type { ActContext, EffectResult } from '../acting/document_act.js';
import type { Document } from '../content/document.js';
import { APPROVERS } from './approval_sql.js';

/** So many are told of what they may approve. */
const MOST = 20;

const ENTERED = `array(select distinct a.person_id from activities a
  where a.organization_id = documents.organization_id and a.subject_id = documents.id and a.side = 'staff'
    and a.action in ('start', 'edit', 'submit', 'resubmit') and a.person_id is not null)`;

/** Begins anew who approves a bill that is sent: not the staff who entered it. Who can is told if no one else is. */
export async function beginApproval(db: Knex.Transaction, { actor, document }: ActContext): Promise<void> {
  const { organization_id, id } = document;
  const sender = actor.side === 'staff' ? actor.person_id : null;
  const entered_by = db.raw(
    `(select array(select unnest(${ENTERED}) union select ?::uuid where ?::uuid is not null))`,
    [sender, sender],
  );
  await db('documents').where({ organization_id, id }).update({ entered_by, approved_by: null });
  const approvers = await approversOf(db, document);
  const told = db('participants').where({ organization_id, subject_id: id }).whereIn('person_id', approvers);
  if (!(await told.first('person_id'))) await addParticipants(db, document, approvers);
}

/** Records the first of two approvals; whoever may give the second is told. */
export async function approveFirst(db: Knex.Transaction, { actor, document }: ActContext): Promise<EffectResult> {
  const { organization_id, id } = document;
  await send(db, db('documents').where({ organization_id, id }).update({ approved_by: actor.person_id }));
  await addParticipants(db, document, await approversOf(db, document));
  return {};
}

async function approversOf(db: Knex.Transaction, { organization_id, id }: Document): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select p.id from documents d join ${APPROVERS.replace(' where ', ' on ')}
     where d.organization_id = ? and d.id = ? order by p.id limit ${MOST}`,
    [organization_id, id],
  );
  return rows.map(({ id }) => id);
}
