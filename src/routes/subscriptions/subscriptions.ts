import { Router } from 'express';
import { z } from 'zod';
import { act } from '../../act.js';
import { intervalText } from '../../activity/subscription_facts.js';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import type { Badge, Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { isOffered, requireMay } from '../../subjects/may.js';
import { subscription } from '../../subjects/subscription/subscription_lifecycle.js';
import { newPlan } from '../../subjects/subscription/plan_input.js';
import { createSubscription } from '../../subscriptions/create_subscription.js';
import { nextBilling } from '../../subscriptions/next_step.js';
import { submitOnce } from '../acts/once.js';
import { lacksModule, sendMissingModule } from '../colleagues/module_requests.js';
import { one } from '../forms/field_values.js';
import { readForm } from '../forms/read_form.js';
import { readPartners } from '../partners/partner_request.js';
import { newPartnerLink, partnerListView, partnerRow } from '../partners/partner_view.js';
import { formInput } from '../shared/form.js';
import { members, staff, verified } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { idParam } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { editPlanPage, findPlanPartner, newPlanPage } from './plan_form.js';
import { type ListedSubscription, subscriptionList } from './subscription_queries.js';
import { showSubscription } from './subscription_show.js';
import { stateBadge } from './subscription_view.js';

interface SubscriptionsInput {
  subscriptions: SubscriptionItem[];
  next: string | null;
  create: Link | null;
}

/** A row of the list. */
interface SubscriptionItem {
  title: string;
  number: string;
  url: string;
  partner: string;
  price: string;
  interval: string;
  next_on: string | null;
  badge: Badge;
  /** For staff: its customer waits for an answer. */
  asked: boolean;
}

export const subscriptionsView = defineView<SubscriptionsInput>('subscriptions/list');

const PAGE_SIZE = 50;

/** What is invoiced again and again: the list, new ones, and the page of each. */
export function subscriptions(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  const all = '/:organization/subscriptions';
  router.get(all, handle(verified, list));
  router.get(`${all}/new`, handle(staff, newSubscription));
  router.post(all, handle(staff, create));
  router.get(
    `${all}/:key`,
    handle(members, (ctx) => showSubscription(ctx)),
  );
  router.get(`${all}/:key/edit`, handle(staff, edit));
  return router;
}

const Params = z.object({ before: idParam });

async function list(ctx: RequestContext) {
  if (lacksModule(ctx, subscription.module)) return sendMissingModule(ctx, subscription.module);
  const { db, req, res, actor, membership } = ctx;
  const { before } = Params.parse(req.query);
  const [found] = await read(db.pool, actor, subscriptionList(actor, before, PAGE_SIZE));
  const url = `/${membership.slug}/subscriptions`;
  const { t } = i18nOf(actor);
  return res.send(
    contextPage(ctx, subscriptionsView, t('Subscriptions'), {
      subscriptions: found.slice(0, PAGE_SIZE).map((row) => item(row, ctx)),
      next: found.length > PAGE_SIZE ? `${url}?before=${found[PAGE_SIZE - 1]?.id}` : null,
      create: isOffered(actor, { permits: 'invoicing' }) && actor.side === 'staff' ? newLink(url, ctx) : null,
    }),
  );
}

const newLink = (url: string, ctx: RequestContext): Link => ({
  href: `${url}/new`,
  label: translatorOf(ctx)('New subscription'),
});

function item(row: ListedSubscription, { actor, membership }: RequestContext): SubscriptionItem {
  const { t, format } = i18nOf(actor);
  const { title, number, partner, total, currency, asked } = row;
  const next_on = nextBilling(row);
  return {
    ...{ title, number, partner },
    url: `/${membership.slug}/subscriptions/${number}`,
    price: format.money(total, currency),
    interval: intervalText(row, t),
    next_on: next_on && format.shortDate(next_on),
    badge: stateBadge(row, i18nOf(actor)),
    asked: asked !== null && actor.side === 'staff',
  };
}

/** The form for the customer of the address; without one, the customers to choose from. */
async function newSubscription(ctx: RequestContext) {
  requireMay(ctx.actor, { permits: 'invoicing' });
  const partner = one(ctx.req.query, 'partner');
  if (!partner) return choosePartner(ctx);
  return ctx.res.send(newPlanPage(ctx, await findPlanPartner(ctx, partner)));
}

async function choosePartner(ctx: RequestContext) {
  const t = translatorOf(ctx);
  const { found, filter, next } = await readPartners(ctx, 'customer');
  const { slug } = ctx.membership;
  const url = `/${slug}/subscriptions/new`;
  return ctx.res.send(
    contextPage(ctx, partnerListView, t('New subscription'), {
      title: t('Who is it for?'),
      filters: {
        action: url,
        search: { name: 'q', value: filter.words?.join(' ') ?? '', label: t('Search') },
        choices: [],
        hidden: {},
        clear: filter.words ? url : null,
      },
      filtered: Boolean(filter.words),
      next: next ? `${url}?${next}` : null,
      partners: found.map((row) => partnerRow(row, `${url}?partner=${row.id}`, t)),
      create: newPartnerLink(ctx.actor, `/${slug}/partners/new`, t),
    }),
  );
}

async function create(ctx: RequestContext) {
  const { actor, membership } = ctx;
  requireMay(actor, { permits: 'invoicing' });
  const fields = formInput(ctx);
  const partner = await findPlanPartner(ctx, one(fields, 'partner'));
  const work = async ({ db }: RequestContext) => {
    const input = readForm(newPlan, fields, { locale: actor.locale, currency: partner.currency });
    const id = await createSubscription(db.knex, actor, partner.id, input);
    const { number } = await act(db.knex, actor, id, 'start');
    return `/${membership.slug}/subscriptions/${number}?done=started`;
  };
  return submitOnce(ctx, work, (errors) => newPlanPage(ctx, partner, errors));
}

async function edit(ctx: RequestContext) {
  return ctx.res.send(await editPlanPage(ctx, null));
}
