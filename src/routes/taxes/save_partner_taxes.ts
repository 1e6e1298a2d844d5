import { withActor } from '../../db/scope.js';
import { setPartnerTaxes } from '../../documents/taxes/partner_taxes.js';
import { submittedText } from '../../people/form_values.js';
import { once } from '../acts/once.js';
import { pathId } from '../shared/params.js';
import type { RequestContext } from '../shared/request_context.js';
import { typedTaxes } from './tax_fields.js';

/** Decides which taxes a customer pays, or a vendor charges. */
export async function savePartnerTaxes(ctx: RequestContext) {
  const { req, res, actor, membership } = ctx;
  const partner = pathId(req, 'partner');
  const side = submittedText(req.body)['side'] === 'vendor' ? 'vendor' : 'customer';
  const url = await once(ctx, async ({ db }) => {
    await withActor(db.knex, actor, (db) => setPartnerTaxes(db, actor, partner, typedTaxes(ctx), side));
    return `/${membership.slug}/partners/${partner}?done=saved`;
  });
  res.redirect(303, url);
}
