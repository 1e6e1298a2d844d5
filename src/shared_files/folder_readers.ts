import type { Knex } from 'knex';
import type { Act } from '../acting/context.js';
import { queryPrepared } from '../db/scope.js';
import { send } from '../db/writing/transaction.js';
import { addAuthor, addParticipants, followingStaff, staffParticipants } from '../subjects/participants.js';

const LEFT = `delete from participants x using people p
  where x.organization_id = :organization_id and x.subject_id = :id
    and p.organization_id = x.organization_id and p.id = x.person_id and p.partner_id is not null
    and not may_use_folder(p.organization_id, p.id)`;

const CONTACTS = `insert into participants (organization_id, subject_id, person_id)
  select p.organization_id, p.partner_id, p.id from people p
  where p.organization_id = :organization_id and p.partner_id = :id and p.removed_at is null
    and may_use_folder(p.organization_id, p.id)
  on conflict do nothing`;

/** The staff who take part in the partner's newest documents. Each is looked up by their key. */
const STAFF = `select distinct p.id
  from (select id from documents where organization_id = $1 and partner_id = $2 order by id desc limit 50) d
  join participants x on x.organization_id = $1 and x.subject_id = d.id
  cross join lateral (select * from people p where p.organization_id = $1 and p.id = x.person_id limit 1) p
  where p.partner_id is null and p.removed_at is null and not p.pending limit 5`;

/** Who is told of what is shared: the author, and of the other side contacts who may use it, or staff they work with. */
export async function inviteReaders(db: Knex.Transaction, { actor, subject }: Act): Promise<void> {
  const { organization_id, id } = subject;
  await send(db, db.raw(LEFT, { organization_id, id }));
  if (actor.side === 'staff') await send(db, db.raw(CONTACTS, { organization_id, id }));
  else await inviteStaff(db, subject);
  if (actor.person_id) await addAuthor(db, subject, actor.person_id);
}

/** Once any of the staff take part, they alone do. */
async function inviteStaff(db: Knex.Transaction, subject: Act['subject']): Promise<void> {
  const { organization_id, id } = subject;
  if ((await staffParticipants(db, subject)).length) return;
  const found = await queryPrepared<{ id: string }>(db, STAFF, [organization_id, id]);
  const owners = found.length ? [] : await followingStaff(db, { organization_id, origin_id: null });
  await addParticipants(db, subject, [...found.map((person) => person.id), ...owners]);
}
