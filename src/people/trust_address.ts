import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import { type Actor, withActor } from '../db/scope.js';
import { NotFound } from '../errors.js';
import { clearBounces } from '../mail/suppression/suppression.js';
import { requireMay } from '../subjects/may.js';

/** Resumes all email to a person after bounces or a complaint, and records the reason. @throws NotAllowed, NotFound */
export const trustAddress = (db: Knex, actor: Actor, person_id: string, reason: string): Promise<void> =>
  withActor(db, actor, async (db) => {
    const { organization_id } = actor;
    requireMay(actor, 'administration');
    if (!organization_id) throw new NotFound();
    const person = await db('people')
      .where({ organization_id, id: person_id, removed_at: null })
      .forUpdate()
      .first('name', 'partner_id');
    if (!person) throw new NotFound();
    await clearBounces(db, organization_id, person_id);
    await db('people').where({ organization_id, id: person_id }).update({ complained_at: null });
    const details = { name: person.name, reason, person_id };
    await record(db, actor, { action: 'trust_address', partner_id: person.partner_id, details, visible_to: 'staff' });
  });
