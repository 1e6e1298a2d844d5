import type { Knex } from 'knex';
import { act } from '../../act.js';
import { type Actor, retry, systemActor, withActor } from '../../db/scope.js';
import { typesThatOwe } from '../../document_types/relations.js';
import { FACTS } from '../../documents/content/document.js';
import { HttpError } from '../../errors.js';
import { today } from '../../pages/days.js';
import { actionNamed } from '../../subjects/lifecycles.js';
import { isOffered, type SubjectFacts } from '../../subjects/may.js';

const RECEIVABLE = typesThatOwe('receivable').map(({ name }) => name);

const REMINDED_STATES = [...new Set(RECEIVABLE.flatMap((type) => actionNamed(type, 'remind')?.from ?? []))];

export const isPaymentReminder = (type: string, action: string) => action === 'remind' && RECEIVABLE.includes(type);

/** Of one customer at most so many invoices are reminded of in one email: the oldest. */
const MOST = 200;

/**
 * Reminds a customer of all invoices that are due for it, in one transaction, so that one email tells of them; once a
 * day. `actor`: the system, with the organization's time zone. `due_id`: one that is due, also beyond the oldest.
 */
export const remindOfPayments = (db: Knex, actor: Actor, partner_id: string, due_id: string): Promise<void> =>
  retry(() =>
    withActor(db, systemActor(actor.organization_id, null, actor.now), async (db) => {
      const { organization_id } = actor;
      const day = today(actor);
      const ours = { organization_id, id: partner_id };
      const partner = await db('partners').where(ours).forNoKeyUpdate().first('reminded_on');
      if (partner.reminded_on === day) return;
      await db('partners').where(ours).update({ reminded_on: day });
      for (const { id } of await dueReminders(db, actor, partner_id, due_id))
        await act(db, actor, id, 'remind').catch((error: unknown) => {
          if (!(error instanceof HttpError)) throw error; // someone paid it in the meantime
        });
    }),
  );

async function dueReminders(db: Knex.Transaction, actor: Actor, partner_id: string, due_id: string) {
  const day = today(actor);
  const open = await db('documents as d')
    .where({ 'd.organization_id': actor.organization_id, 'd.partner_id': partner_id, 'd.disputed_on': null })
    .whereRaw('d.type = any(?)', [RECEIVABLE])
    .whereIn('d.state', REMINDED_STATES)
    .orderByRaw('d.id = ? desc, d.due_on, d.id', [due_id])
    .limit(MOST)
    .select<(SubjectFacts & { id: string })[]>('d.*', db.raw(FACTS));
  return open.filter((subject) => {
    const action = actionNamed(subject.type, 'remind');
    return action && isOffered(actor, { name: 'remind', action, subject, today: day });
  });
}
