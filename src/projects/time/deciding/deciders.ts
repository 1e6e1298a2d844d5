import type { Knex } from 'knex';
import { NotAllowed } from '../../../errors.js';
import type { Actor } from '../../../db/scope.js';
import type { Worker } from '../log_time.js';

const ROLES = ['owner', 'admin', 'manager'] as const;

/** Who may approve time on a project: those of the staff with these roles, and its manager. Owners first. */
async function decidersOf(
  db: Knex.Transaction,
  { organization_id, project_id }: Pick<Worker, 'organization_id' | 'project_id'>,
): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(DECIDERS, { organization_id, project_id });
  return rows.map(({ id }) => id);
}

const DECIDERS = `select p.id from people p
    left join projects j on j.organization_id = p.organization_id and j.id = :project_id and j.manager_id = p.id
  where p.organization_id = :organization_id and p.partner_id is null and p.removed_at is null and not p.pending
    and (p.role = any (array['${ROLES.join("', '")}']) or j.id is not null)
  order by j.id is null, array_position(array['${ROLES.join("', '")}'], p.role), p.id limit 100`;

/** Who is asked to approve somebody's week: the project's manager, or else an owner or admin; themselves if nobody else could. */
export async function askedFor(db: Knex.Transaction, worker: Worker): Promise<string> {
  const deciders = await decidersOf(db, worker);
  return deciders.find((id) => id !== worker.person_id) ?? worker.person_id;
}

/** Refuses who may not approve this person's time: nobody does so for their own, unless nobody else could. @throws NotAllowed */
export async function requireDecider(db: Knex.Transaction, actor: Actor, worker: Worker): Promise<void> {
  const deciders = await decidersOf(db, worker);
  const { person_id } = actor;
  const may = person_id !== null && deciders.includes(person_id);
  const own = person_id === worker.person_id;
  if (may && (!own || deciders.length === 1)) return;
  const ask = { whom: own ? ('others' as const) : ('owner' as const), subject_id: worker.project_id };
  throw new NotAllowed('This is not yours to do.', { ask });
}
