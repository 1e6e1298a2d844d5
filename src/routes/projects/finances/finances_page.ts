import { isId } from '../../../db/ids.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { today } from '../../../pages/days.js';
import { defineView } from '../../../pages/views/render.js';
import { type BudgetGroup, budgetGroups } from '../../../projects/budget/budget_rows.js';
import { isOffered } from '../../../subjects/may.js';
import { totalsOfGroups } from '../budget/budget_summary.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { keyIn, type ProjectFrame, readPage } from '../project_page.js';
import { DOCUMENTS_SHOWN, projectDocuments } from './finances_queries.js';
import { financesView, type ProjectFinances } from './finances_view.js';
import { type MoneyBar, moneyBars } from './money_bar.js';
import { projectMoney } from './project_money.js';

interface FinancesInput extends ProjectFinances {
  frame: ProjectFrame;
  /** Agreed, invoiced and paid, by currency. */
  money: MoneyBar[];
  /** For staff: what is spent of the budget; null: there is none. */
  budget: { text: string; href: string } | null;
  /** Its documents take a sign-in to see. */
  sign_in_url: string | null;
  /** Older documents. */
  next: string | null;
}

export const financesTab = defineView<FinancesInput>('projects/finances/page');

/** A project's documents and their money. */
export async function showFinances(ctx: RequestContext) {
  const { req, res, actor, membership } = ctx;
  const key = keyIn(ctx);
  const before = typeof req.query['before'] === 'string' && isId(req.query['before']) ? req.query['before'] : null;
  const queries = [projectDocuments(actor, key, before), projectMoney(actor, key), budgetGroups(actor, key)] as const;
  const { head, frame, found, i18n, url } = await readPage(ctx, 'finances', ...queries);
  const [newest, money, groups] = found;
  const side = actor.side === 'staff' ? 'staff' : 'partner';
  const byLink = isOffered(actor, 'everything') && actor.assurance === 'link';
  const reader = { slug: membership.slug, actor, side, day: today(actor), i18n } as const;
  const documents = newest.slice(0, DOCUMENTS_SHOWN);
  const whole = before === null && newest.length <= DOCUMENTS_SHOWN;
  const { groups: shown, create } = financesView(head, documents.toReversed(), reader);
  const input: FinancesInput = {
    // Of a part of the documents a sum says nothing.
    groups: whole ? shown : shown.map((group) => ({ ...group, sum: null })),
    ...{ create, frame, money: moneyBars(money, reader.day, i18n) },
    budget: budgetLine(groups, { currency: head.currency, i18n, url }),
    sign_in_url: byLink ? `/verify?return_to=${encodeURIComponent(`${url}/finances`)}` : null,
    next: newest.length > DOCUMENTS_SHOWN ? `${url}/finances?before=${documents.at(-1)?.id}` : null,
  };
  res.send(contextPage(ctx, financesTab, head.name, input));
}

/** Row security gives partners no groups. */
function budgetLine(groups: BudgetGroup[], { currency, i18n, url }: { currency: string; i18n: I18n; url: string }) {
  const { items, cost, committed, actual } = totalsOfGroups(groups);
  if (!items) return null;
  const money = (minor: number) => i18n.format.money(minor, currency);
  const amounts = { cost: money(cost), committed: money(committed), actual: money(actual) };
  return {
    text: i18n.t('Of {{cost}} budgeted cost, {{committed}} is committed and {{actual}} is spent.', amounts),
    href: `${url}/budget`,
  };
}
