import { systemActor } from '../db/actor.js';
import type { Query } from '../db/scope.js';
import { documentPage } from '../documents/queries/page.js';
import { linkQueries } from '../people/strategies/magic_link.js';
import { sessionQueries } from '../people/strategies/session_cookie.js';
import { projectPage } from '../projects/project.js';
import { partnerHome } from '../routes/home/home_queries.js';
import { todayQueries } from '../routes/home/today_queries.js';
import { partnerPage } from '../routes/partners/partner_queries.js';

/** Calls what the policies are made of, so that it is compiled. */
const POLICIES: Query = {
  name: 'policies',
  text: `select is_system(), is_staff(), is_partner(), is_internal(), every_subject(), was_shown(''), is_own_user(x),
    is_own_person(x, x), is_own_partner(x, x), may_see(x, x, 'both', ''), sees_sums(x), sees(x), has_document_in(x), sees_comment(x)
    from gen_random_uuid() x`,
};

/** What the first visitors will ask: who they are, a document, the first pages. Others are known once they are asked. */
export const firstQueries = (): Query<unknown>[] => {
  const nobody = systemActor(null);
  return [
    POLICIES,
    ...sessionQueries('', null),
    ...linkQueries([], null),
    documentPage(nobody, 'INV-1'),
    documentPage(nobody, crypto.randomUUID()),
    ...todayQueries(nobody, ''),
    ...partnerHome(nobody),
    ...partnerPage(nobody, ''),
    projectPage(nobody, ''),
  ];
};
