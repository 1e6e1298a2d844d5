import type { Config } from '../../config.js';
import { read } from '../../db/scope.js';
import { describeState } from '../../documents/queries/sheet.js';
import { awaitedFromPartner } from '../../documents/queries/waiting.js';
import { today } from '../../pages/days.js';
import { renderPage } from '../../pages/views/render.js';
import { moveItem } from '../home/home_view.js';
import { paymentSteps } from '../profile/payment_steps.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { doneView } from './activation_views.js';
import { firstName } from './invitation_pages.js';
import { takenInvitation } from './overview_queries.js';
import { requireTaken, stepLayout } from './step_layout.js';

/** The end. `banking`: bank details can be stored here. */
export async function showDone(ctx: RequestContext, config: Config, banking: boolean) {
  const { db, actor, membership, res } = ctx;
  const { slug, partner, name } = membership;
  const [[row], [awaited]] = await read(db.pool, actor, takenInvitation(actor), awaitedFromPartner(actor));
  const { inviter } = requireTaken(ctx, row);
  const { t } = i18nOf(actor);
  const asks = firstName(inviter ?? membership.organization);
  res.send(
    renderPage(doneView, stepLayout(ctx, 'You’re all set'), {
      partner: partner ?? '',
      headline: t('You’re all set, {{name}}', { name: firstName(name) }),
      text: t('We’ve let {{name}} know. This device stays signed in.', { name: asks }),
      next: awaited ? nextThing(ctx, awaited) : null,
      payment: await paymentSteps(ctx, banking),
      address: `${config.base_url}/${slug}`,
      home_url: `/${slug}`,
    }),
  );
}

/** The one thing that waits, as a card. */
function nextThing({ actor, membership }: RequestContext, row: Parameters<typeof moveItem>[0]) {
  const i18n = i18nOf(actor);
  const { text, href } = moveItem(row, membership.slug, 'partner', today(actor), i18n);
  const { move, tone } = describeState(row, 'partner', today(actor), i18n);
  const amount = row.total ? i18n.format.money(row.total, row.currency) : null;
  return { title: row.title || text, amount, detail: [text, move].filter(Boolean).join(' · '), href, tone };
}
