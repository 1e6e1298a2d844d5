import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { Authority } from '../../people/banking/bank_accounts.js';
import { NO_DETAILS, type ProfileDetails } from '../../people/partner_profile/profile_details.js';
import { type ProfilePart, requireMayEdit } from '../../people/partner_profile/profile_rights.js';
import { identityOf } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import type { RequestContext } from '../shared/request_context.js';
import {
  type AccountRow,
  type BusinessRow,
  type PartnerFileRow,
  type ProfilePartner,
  profileQueries,
} from './profile_queries.js';

/** Where a profile is found: a partner's own, or at the desk that of any. */
interface Place {
  partner_id: string;
  url: string;
}

export interface Profile extends Place {
  partner: ProfilePartner;
  business: BusinessRow | undefined;
  details: ProfileDetails;
  accounts: AccountRow[];
  files: PartnerFileRow[];
}

/** The profile of the address. @throws NotFound for staff at a partner's address, and for guests */
export function placeOf({ req, actor, membership }: RequestContext): Place {
  const base = `/${membership.slug}`;
  if (req.params['partner']) {
    const partner_id = pathId(req, 'partner');
    return { partner_id, url: `${base}/partners/${partner_id}/profile` };
  }
  if (actor.side !== 'partner' || !actor.partner_id || actor.guest) throw new NotFound();
  return { partner_id: actor.partner_id, url: `${base}/profile` };
}

/** The same, if this visitor may change a part of it. @throws NotFound, NotAllowed */
export function editablePlace(ctx: RequestContext, part: ProfilePart): Place {
  const place = placeOf(ctx);
  requireMayEdit(ctx.actor, part);
  return place;
}

/** The same with all that it says. @throws NotFound */
export async function readProfile(ctx: RequestContext): Promise<Profile> {
  const place = placeOf(ctx);
  const [[partner], [business], addresses, tax_ids, accounts, files] = await read(
    ctx.db.pool,
    ctx.actor,
    ...profileQueries(ctx.actor, place.partner_id),
  );
  if (!partner) throw new NotFound();
  const details = { ...NO_DETAILS, ...business, addresses, tax_ids };
  return { ...place, partner, business, details, accounts, files };
}

/** Who asks for what needs a fresh code, from which browser. */
export const authorityOf = ({ req, actor }: RequestContext): Authority => ({
  actor,
  proven: identityOf(req).session,
  browser: { remote_ip: req.ip ?? '', user_agent: req.get('User-Agent') ?? '' },
});
