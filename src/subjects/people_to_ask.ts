import type pg from 'pg';
import { finds } from '../db/planner.js';
import { type Actor, type Query, read } from '../db/scope.js';
import type { Asked, NotAllowed } from '../errors.js';

/** Whose move it is instead: the name of the organization or partner, and of a few people there; perhaps of nobody. */
export interface PeopleToAsk {
  side: string;
  names: string[];
  /** One of them forwarded the subject to the reader. */
  forwarded: boolean;
}

interface Candidate {
  side: string;
  name: string | null;
  forwarded: boolean;
  takes_part: boolean;
}

const MOST = 3;

const TAKES_PART = finds(`participants x
  where x.organization_id = p.organization_id and x.subject_id = $2 and x.person_id = p.id`);

const FORWARDED = finds(`activities a
  where a.organization_id = p.organization_id and a.subject_id = $2 and a.action = 'forward'
    and a.person_id = p.id and a.details->>'person_id' = $3::text`);

/** SQL: the subject is of a project that doesn't show partners who works on it. */
const UNNAMED = finds(`subjects s
  where s.organization_id = $1 and s.id = $2 and not names_staff(s.organization_id, s.id, s.kind)`);

/** The organization's owner, and unless only the owner counts, the staff who take part in the subject. */
const staffQuery = ({ organization_id, partner_id }: Actor, subject_id: string | null): Query<Candidate> => ({
  name: `staff_to_ask${partner_id ? '_by_partner' : ''}`,
  text: `select o.name as side, ${partner_id ? `case when not ${UNNAMED} then p.name end` : 'p.name'} as name, false as forwarded, ${TAKES_PART} as takes_part
    from organizations o left join people p on p.organization_id = o.id and p.partner_id is null
      and p.removed_at is null and (p.role = 'owner' or ${TAKES_PART})
    where o.id = $1 order by takes_part desc, p.id limit ${MOST}`,
  values: [organization_id, subject_id],
});

const SUBJECTS_PARTNER = `subjects s join partners n
      on n.organization_id = s.organization_id and n.id = s.partner_id and s.organization_id = $1 and s.id = $2`;

/** Contacts of the reader's partner, or of the subject's: those who may do more than read it. */
const contactsQuery = (actor: Actor, subject_id: string | null, managers: boolean): Query<Candidate> => ({
  name: `${managers ? 'managers' : 'contacts'}_to_ask${actor.partner_id ? '' : '_of_subject'}`,
  text: `select n.name as side, p.name, ${TAKES_PART} as takes_part, ${FORWARDED} as forwarded
    from ${actor.partner_id ? 'partners n' : SUBJECTS_PARTNER}
      left join people p on p.organization_id = n.organization_id and p.partner_id = n.id
      and p.removed_at is null and not p.guest ${managers ? `and p.role = 'manager'` : ''}
    where n.organization_id = $1 ${actor.partner_id ? 'and n.id = $4' : ''}
    order by forwarded desc, takes_part desc, p.id limit ${MOST}`,
  values: [actor.organization_id, subject_id, actor.person_id, ...(actor.partner_id ? [actor.partner_id] : [])],
});

async function candidates(pool: pg.Pool, actor: Actor, whom: Asked, subject_id: string | null): Promise<Candidate[]> {
  if (whom === 'staff' || whom === 'owner' || whom === 'limit' || whom === 'others')
    return (await read(pool, actor, staffQuery(actor, whom === 'staff' ? subject_id : null)))[0];
  return (await read(pool, actor, contactsQuery(actor, subject_id, whom === 'managers')))[0];
}

/** Whom somebody can ask who was refused, as far as they may see them; null if that is nobody. */
export async function peopleToAsk(
  pool: pg.Pool,
  actor: Actor,
  { whom, subject_id }: NonNullable<NotAllowed['ask']>,
): Promise<PeopleToAsk | null> {
  const found = await candidates(pool, actor, whom, subject_id);
  // A partner without a manager asks those who could make one.
  if (whom === 'managers' && found.every(({ name }) => name === null))
    return peopleToAsk(pool, actor, { whom: 'staff', subject_id });
  const forwarded = found.filter((one) => one.forwarded);
  const involved = found.filter(({ takes_part }) => takes_part);
  const asked = forwarded.length ? forwarded : involved.length ? involved : found;
  const [first] = asked;
  return first
    ? { side: first.side, names: asked.flatMap(({ name }) => name ?? []), forwarded: first.forwarded }
    : null;
}
