import { type Query, read } from '../../db/scope.js';
import type { RequestContext } from '../shared/request_context.js';
import * as rows from './found_rows.js';
import type { FoundSubject } from './part_queries.js';
import { allPlaces, type Place } from './places.js';

/** So many of what somebody did last are looked at. */
const LOOKS = 200;
const RECENT = 6;
const USED = 4;

const LATELY = `(select a.id, a.subject_id, a.action from activities a
  where a.organization_id = $1 and a.person_id = $2 order by a.id desc limit ${LOOKS}) a`;
const SUBJECT = `cross join lateral (select * from subjects s
  where s.organization_id = $1 and s.id = f.subject_id limit 1) s`;

/** What somebody has done something with lately, a document read as a customer among it; the latest first. */
const recentSubjects = (values: unknown[]): Query<FoundSubject> => ({
  name: 'search_recent',
  text: `select s.id, s.kind, s.number, s.title, s.state, 1 as n,
      (select p.name from partners p where p.organization_id = $1 and p.id = s.partner_id) as partner
    from (
      select distinct on (a.subject_id) a.subject_id, a.id from ${LATELY}
      where a.subject_id is not null order by a.subject_id, a.id desc) f ${SUBJECT}
    order by f.id desc limit ${RECENT}`,
  values,
});

/** Kinds of what somebody began lately, the one begun most first. */
const begunKinds = (values: unknown[]): Query<{ kind: string }> => ({
  name: 'search_begun',
  text: `select s.kind from (select a.subject_id from ${LATELY} where a.action = 'start') f ${SUBJECT}
    group by s.kind order by count(*) desc, s.kind`,
  values,
});

/** What the search shows before anything is typed. */
export interface Start {
  recent: rows.FoundRow[];
  acts: rows.FoundRow[];
}

/** Before anything is typed: what its reader had to do with lately, and the acts that they use most. */
export async function beforeTyping(ctx: RequestContext): Promise<Start> {
  const { db, actor } = ctx;
  const values = [actor.organization_id, actor.person_id];
  const [subjects, begun] = await read(db.pool, actor, recentSubjects(values), begunKinds(values));
  const reader = rows.readerOf(ctx, []);
  const acts = mostUsed(
    allPlaces(ctx),
    begun.map(({ kind }) => kind),
  ).map((place) => rows.placeFound(place, reader));
  return { recent: subjects.map((row) => rows.workFound(row, reader)), acts };
}

/** Acts that weren't used come after those that were, and pages after them. */
function mostUsed(places: Place[], begun: string[]): Place[] {
  const rank = ({ begins, icon }: Place) => {
    const used = begins === undefined ? -1 : begun.indexOf(begins);
    return used >= 0 ? used : begun.length + (icon === 'next' ? 1 : 0);
  };
  return places.toSorted((one, other) => rank(one) - rank(other)).slice(0, USED);
}
