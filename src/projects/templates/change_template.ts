import type { Knex } from 'knex';
import { z } from 'zod';
import { record } from '../../activity/record.js';
import { type Actor, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { parseBy, shortText } from '../../input/fields.js';
import { requireMay } from '../../subjects/may.js';
import { freeName } from './template_name.js';

/** Gives a template another name. @throws Invalid by field (`name`), NotFound, NotAllowed */
export function renameTemplate(db: Knex, actor: Actor, id: string, typed: string): Promise<void> {
  requireMay(actor, 'planning');
  return withActor(db, actor, async (db) => {
    const organization_id = String(actor.organization_id);
    const { name } = parseBy(z.object({ name: shortText }), { name: typed });
    await freeName(db, organization_id, name, id);
    if (!(await db('project_templates').where({ organization_id, id }).update({ name }))) throw new NotFound();
    await record(db, actor, { action: 'rename_template', details: { name }, visible_to: 'staff' });
  });
}

/** Deletes a template. Projects that began with it stay as they are. @throws NotFound, NotAllowed */
export function deleteTemplate(db: Knex, actor: Actor, id: string): Promise<void> {
  requireMay(actor, 'planning');
  return withActor(db, actor, async (db) => {
    const organization_id = String(actor.organization_id);
    const [found]: { name: string }[] = await db('project_templates')
      .where({ organization_id, id })
      .delete()
      .returning('name');
    if (!found) throw new NotFound();
    await record(db, actor, { action: 'delete_template', details: { name: found.name }, visible_to: 'staff' });
  });
}
