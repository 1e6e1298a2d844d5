import type { Actor, Query } from '../../db/scope.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import { awaitedFromPartner, owedByPartner } from '../../documents/queries/waiting.js';
import { type Granter, granterQuery } from '../../people/invitations/who_grants.js';
import { type PortalSettings, portalSettings } from '../../people/invitations/portal_modules.js';
import { type Project, projectList } from '../../projects/project.js';

/** Who set a contact's access, as the invitation they took has it. */
export interface TakenInvitation {
  inviter: string | null;
  step: number;
}

export const takenInvitation = ({ organization_id, person_id }: Actor): Query<TakenInvitation> => ({
  name: 'taken_invitation',
  text: `select i.step,
      (select p.name from people p where p.organization_id = $1 and p.id = i.invited_by) as inviter
    from invitations i where i.organization_id = $1 and i.person_id = $2 and i.accepted_at is not null
    order by i.id desc limit 1`,
  values: [organization_id, person_id],
});

/** So many are counted. */
export const MOST_COUNTED = 99;

/** Of the types that the contact may use: of the others all rows would be read to find that none is theirs. */
const countsByType = (
  { organization_id, partner_id }: Actor,
  types: readonly string[],
): Query<{ type: string; n: number }> => ({
  name: 'counts_by_type',
  text: `select k.type, (select count(*) from (
      select from documents d where d.organization_id = $1 and d.partner_id = $2 and d.type = k.type
      limit ${MOST_COUNTED + 1}) c)::int as n
    from unnest($3::text[]) k (type)`,
  values: [organization_id, partner_id, types],
});

/** The modules that a contact asked for within the day. */
export const askedModules = ({ organization_id, person_id }: Actor): Query<{ module: string }> => ({
  name: 'asked_modules',
  text: `select module from module_requests
    where organization_id = $1 and person_id = $2 and asked_at > now() - interval '1 day'`,
  values: [organization_id, person_id],
});

export type OverviewQueries = [
  taken: Query<TakenInvitation>,
  settings: Query<PortalSettings>,
  granters: Query<Granter>,
  asked: Query<{ module: string }>,
  counts: Query<{ type: string; n: number }>,
  projects: Query<Project>,
  awaited: Query<ListedDocument>,
  owed: Query<ListedDocument>,
];

/** What a contact may use, with what is there and what waits, in one round trip. `types`: those of their lists. */
export const overviewQueries = (actor: Actor, types: readonly string[]): OverviewQueries => [
  takenInvitation(actor),
  portalSettings(actor),
  granterQuery(actor.organization_id, actor.person_id, actor.partner_id),
  askedModules(actor),
  countsByType(actor, types),
  projectList(actor, null, MOST_COUNTED),
  awaitedFromPartner(actor),
  owedByPartner(actor),
];
