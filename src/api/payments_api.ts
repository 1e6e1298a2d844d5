import { read } from '../db/scope.js';
import { types } from '../document_types/index.js';
import { NotAllowed } from '../errors.js';
import { paymentList } from '../routes/payments/payment_queries.js';
import type { RequestContext } from '../routes/shared/request_context.js';
import { isModuleMissing } from '../subjects/may.js';
import { reaches } from './requests/api_guard.js';
import { pageOf, pageParams, readQuery, sendPage } from './requests/paging.js';
import { paymentShape } from './shapes.js';

/** GET /api/v1/payments: the newest first, of the kinds of document that the token is for. */
export async function listPayments(ctx: RequestContext): Promise<void> {
  const { db, actor } = ctx;
  const paid = types.filter(({ owes, module }) => owes && reaches(ctx, module, 'read'));
  if (!paid.length) throw new NotAllowed('This token is not for that. Make one with the scope it needs.');
  const kinds = paid.map(({ name }) => name).filter((name) => !isModuleMissing(actor, name));
  const { limit, after } = pageOf(readQuery(ctx, pageParams));
  const [found] = await read(db.pool, actor, paymentList(actor, { kinds, sort: 'date', turned: false, after }));
  sendPage(ctx, paymentShape, found, limit);
}
