import type { Actor, Query } from '../../db/scope.js';
import { FEED, type FeedRow } from '../home/home_queries.js';

/** Whose activities, or with whom; one of them at most, so that each is found by an index. */
export interface ActivityFilter {
  person: string | null;
  partner: string | null;
  /** Only what came before this one. */
  before: string | null;
}

/** An activity in the list of all. */
interface ListedActivity extends FeedRow {
  actor: string | null;
  to: string | null;
}

/** The newest first. One more than `size` says that there are older ones. */
export function activityList(
  { organization_id }: Actor,
  { person, partner, before }: ActivityFilter,
  size: number,
): Query<ListedActivity> {
  const values: unknown[] = [organization_id];
  const clauses = ['a.organization_id = $1', `a.action not in ('start', 'edit', 'detach')`];
  if (person) clauses.push(`a.person_id = $${values.push(person)}`);
  else if (partner) clauses.push(`a.partner_id = $${values.push(partner)}`);
  if (before) clauses.push(`a.id < $${values.push(before)}`);
  return {
    name: `activity_${person ? 'person' : partner ? 'partner' : ''}_${before ? 'b' : ''}_${size}`,
    text: `select ${FEED} where ${clauses.join(' and ')} order by a.id desc limit ${size + 1}`,
    values,
  };
}

/** The staff, to choose from; and the partner whose activities are shown. */
export const namesFor = (
  { organization_id }: Actor,
  { partner }: Pick<ActivityFilter, 'partner'>,
): Query<{ staff: { id: string; name: string }[]; partner: string | null }> => ({
  name: 'activity_names',
  text: `select coalesce((select json_agg(s) from (select id, name from people where organization_id = $1
      and partner_id is null and removed_at is null order by name limit 200) s), '[]') as staff,
    (select name from partners where organization_id = $1 and id = $2) as partner`,
  values: [organization_id, partner],
});
