import type pg from 'pg';
import { pipeline, type Query, systemActor } from '../../db/scope.js';
import { hashOf } from '../../db/secrets.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import { awaitedFromPartner, owedByPartner } from '../../documents/queries/waiting.js';
import { asInvited, type Invitation, invitationQueries } from '../../people/invitations/find_invitation.js';
import type { Terms } from '../../people/terms/terms.js';

/** An invitation, the texts that go with it, and what waits for who is invited. */
export interface FoundInvitation {
  invitation: Invitation;
  terms: Terms[];
  awaited: ListedDocument[];
  owed: ListedDocument[];
}

/**
 * A partner's own query, of the partner that the transaction is for. As subselects, so that the planner takes them for
 * parameters, as they are in the query itself.
 */
function ofInvited({ name, text }: Query<ListedDocument>): Query<unknown> {
  const own = text.replaceAll('$1', '(select app_organization())').replaceAll('$2', '(select app_partner())');
  return { name: `${name}_invited`, text: own };
}

/** The invitation with this token, in one round trip; null if there is none. Nothing is changed. */
export async function findInvitation(pool: pg.Pool, token: string): Promise<FoundInvitation | null> {
  const hash = hashOf(token);
  const nobody = systemActor(null);
  const [, , , invitations, terms, , awaited, owed] = await pipeline(pool, [
    ...invitationQueries(hash),
    asInvited(hash),
    ofInvited(awaitedFromPartner(nobody)),
    ofInvited(owedByPartner(nobody)),
  ]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the columns of the queries
  const found = { invitation: invitations?.[0], terms, awaited, owed } as unknown as FoundInvitation;
  return invitations?.length ? found : null;
}
