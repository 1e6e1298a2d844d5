import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { type Actor, setActor, systemActor, withActor } from '../db/scope.js';
import { nextNumber } from '../db/writing/numbers.js';
import { Invalid, NotFound } from '../errors.js';
import { parseBy } from '../input/fields.js';
import { today } from '../pages/days.js';
import { newPlan } from '../subjects/subscription/plan_input.js';
import { partnerForNew } from '../people/partner.js';
import { requireMay } from '../subjects/may.js';
import { addParticipants } from '../subjects/participants.js';
import { saveRecipients } from './change_plan.js';
import { firstBilling, periodStart } from './periods.js';
import { planColumns, refuseDays } from './plan/plan_columns.js';

/**
 * A subscription of a customer, which the act `start` then begins. Returns its id. @throws Invalid by path; NotAllowed;
 * NotFound if there is no such customer
 */
export function createSubscription(db: Knex, actor: Actor, partner_id: string, input: object): Promise<string> {
  return withActor(db, actor, async (db) => {
    requireMay(actor, { permits: 'invoicing' });
    const { organization_id } = actor;
    const partner = await partnerForNew(db, { organization_id, id: partner_id }, 'customer');
    if (!partner || !organization_id) throw new NotFound();
    const plan = parseBy(newPlan, input);
    const { start_on, trial_until = null } = plan;
    const [day, anchor_on] = [today(actor), firstBilling({ start_on, trial_until })];
    refuseDays(start_on, trial_until, plan.ends_on ?? null);
    if (anchor_on < periodStart({ ...plan, anchor_on: day, anchor_period: 0 }, -1))
      throw new Invalid({ start_on: 'This is more than one interval ago.' });
    const owner = { partner_id, currency: partner.currency, day: anchor_on > day ? anchor_on : day };
    const columns = await planColumns(db, actor, plan, owner);
    await setActor(db, systemActor(organization_id, actor.person_id, actor.now));
    const id = newId();
    const number = await nextNumber(db, organization_id, 'SUB');
    await db('subscriptions').insert({
      ...{ organization_id, id, number, state: 'draft', partner_id, currency: partner.currency },
      ...{ ...columns, lines: JSON.stringify(columns.lines), start_on, trial_until, anchor_on },
    });
    if (actor.person_id) await addParticipants(db, { organization_id, id }, [actor.person_id]);
    await saveRecipients(db, { organization_id, id, partner_id }, plan.content.recipients);
    return id;
  });
}
