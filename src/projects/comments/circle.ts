import { newestOn } from '../../conversation/conversation.js';
import type { Actor, Query } from '../../db/scope.js';
import { mentionsIn } from './mentions.js';

/** Somebody who may be told of what is written about a project. */
export interface Tellable {
  id: string;
  name: string;
  /** Null: of the staff. */
  partner_id: string | null;
  photo_sha256: string | null;
  takes_part: boolean;
  /** They have written something lately that the project's customer reads. */
  talked: boolean;
  manages: boolean;
}

/** All of one side who take part, by the name of their company. */
export interface Group {
  name: string;
  members: Tellable[];
}

/** Whom one person may tell of what they write about a project. */
export interface Circle {
  people: Tellable[];
  groups: Group[];
}

interface CircleRow extends Tellable {
  organization: string;
  partner: string;
  /** The customer is shown who works on the project. */
  names_shown: boolean;
}

const MOST = 200;

// None if its conversation is hidden from the reader, who isn't asked about each comment then.
const SAID = `x.organization_id = $1
  and x.subject_id = (select s.id from subjects s where s.organization_id = $1 and s.id = j.id)`;

// Of a large organization or customer the first of each are enough to choose from; whoever takes part is among them.
const circle = (
  key: 'id' | 'key',
) => `select p.id, p.name, p.partner_id, p.photo_sha256, o.name as organization, n.name as partner,
    'people' = any (j.shown) as names_shown, j.manager_id is not distinct from p.id as manages,
    coalesce((select true from participants x
      where x.organization_id = $1 and x.subject_id = j.id and x.person_id = p.id limit 1), false) as takes_part,
    p.id = any (said.talkers) as talked
  from (select * from projects where organization_id = $1 and ${key} = $2 limit 1) j
  cross join lateral (select * from organizations where id = $1 limit 1) o
  left join lateral (select * from partners where organization_id = $1 and id = j.partner_id limit 1) n on true
  cross join lateral (
    select coalesce(array_agg(x.person_id), '{}') as authors,
      coalesce(array_agg(x.person_id) filter (where x.audience = 'shared'), '{}') as talkers
    from ${newestOn(SAID, 'comments')}) said
  cross join lateral (
    (select x.person_id as id from participants x
      where x.organization_id = $1 and x.subject_id = j.id limit ${MOST})
    union select j.manager_id where j.manager_id is not null
    union select unnest(said.authors)
    union (select id from people where organization_id = $1 and partner_id is null and removed_at is null
      and not pending and $3 limit ${MOST})
    union (select id from people where organization_id = $1 and partner_id = j.partner_id and removed_at is null
      and not pending limit ${MOST})) one
  cross join lateral (select * from people where organization_id = $1 and id = one.id limit 1) p
  where p.removed_at is null and not p.pending and (p.partner_id is null or p.partner_id = j.partner_id)
    and (p.partner_id is null or may_be_told($1, j.id, p.id, 'comment'))
  order by p.partner_id nulls first, p.name, p.id`;

/** All who may be told of what is written about a project, known by its id or its key; see `circleOf`. */
export const tellable = (
  { organization_id, side }: Actor,
  project: { id: string } | { key: string },
): Query<CircleRow> => ({
  ...('id' in project
    ? { name: 'project_circle', text: circle('id') }
    : { name: 'project_circle_by_key', text: circle('key') }),
  values: [organization_id, 'id' in project ? project.id : project.key, side !== 'partner'],
});

/**
 * Whom this actor may tell, themselves left out. A customer sees of the staff those who work on the project, or if
 * names aren't shown to them, only those they already talk with.
 */
export function circleOf(rows: readonly CircleRow[], actor: Pick<Actor, 'side' | 'person_id' | 'partner_id'>): Circle {
  const partner = actor.side === 'partner';
  const seen = rows.filter(({ partner_id, takes_part, manages, talked, names_shown }) =>
    partner && !partner_id ? talked || (names_shown && (takes_part || manages)) : true,
  );
  const people = seen.filter(({ id }) => id !== actor.person_id);
  const [first] = rows;
  const groups = first
    ? [
        {
          name: first.organization,
          members: people.filter((one) => !one.partner_id && (one.takes_part || one.manages)),
        },
        { name: first.partner, members: people.filter((one) => one.partner_id && one.takes_part) },
      ]
    : [];
  return { people, groups: groups.filter(({ name, members }) => name && members.length) };
}

/** The same for an internal note: only their own side. */
export const ownSide = ({ people, groups }: Circle, side: Actor['side']): Circle => {
  const own = ({ partner_id }: Tellable) => (partner_id !== null) === (side === 'partner');
  return {
    people: people.filter(own),
    groups: groups.filter(({ members }) => members.every(own)),
  };
};

/** Whom a text mentions; `unclear`: several people by one name, of whom none is `chosen`. */
export function mentioned(
  text: string,
  { people, groups }: Circle,
  chosen: ReadonlySet<string>,
  signs?: string,
): { ids: string[]; unclear: Tellable[] } {
  const ids = new Set<string>();
  const unclear = new Set<Tellable>();
  for (const { found } of mentionsIn<Tellable | Group>(text, [...people, ...groups], signs)) {
    const group = found.find((one) => 'members' in one);
    const named = group && 'members' in group ? group.members : found.filter((one) => 'id' in one);
    const meant = group || named.length === 1 ? named : named.filter(({ id }) => chosen.has(id));
    for (const { id } of meant) ids.add(id);
    if (!meant.length) for (const one of named) unclear.add(one);
  }
  return { ids: [...ids], unclear: [...unclear] };
}
