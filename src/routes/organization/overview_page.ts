import { type Actor, type Query, read } from '../../db/scope.js';
import { numberingsOf } from '../../documents/numbering/numbering.js';
import { NotFound } from '../../errors.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { defineView } from '../../pages/views/render.js';
import { ORGANIZATION_PAGES, settingsHref, settingsUrl } from '../settings/settings_side.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { nextNumbers } from './numbering_page.js';

interface OverviewInput {
  organization: string;
  personal_url: string;
  /** The most important thing that is not finished. */
  unfinished: { title: string; text: string; url: string; button: string } | null;
  groups: { label: string; rows: { href: string; label: string; state: string }[] }[];
}

export const overviewView = defineView<OverviewInput>('organization/overview');

/** How the organization is set up, as the overview tells it. */
interface State {
  name: string;
  address: string;
  tax_number: string;
  currency: string;
  gateway: string | null;
  code_above: number | null;
  reminder_days: number[] | null;
  members: number;
  accounts: number;
  taxes: string | null;
  webhooks: number;
  /** The next numbers of some types. */
  numbers: string[];
}

const stateOf = ({ organization_id }: Pick<Actor, 'organization_id'>): Query<Omit<State, 'numbers'>> => ({
  name: 'settings_overview',
  text: `select o.name, o.address, o.tax_number, o.currency, o.gateway, o.code_above, o.reminder_days,
    (select count(*)::int from (select from people where organization_id = $1 and partner_id is null
      and removed_at is null limit 1000) m) as members,
    (select count(*)::int from (select from payment_accounts where organization_id = $1
      and ended_at is null limit 10) a) as accounts,
    (select string_agg(name, ' · ') from (select name from tax_rates where organization_id = $1
      and (valid_until is null or valid_until >= current_date) order by id limit 3) r) as taxes,
    (select count(*)::int from (select from webhooks where organization_id = $1 and state = 'on' limit 20) w) as webhooks
    from organizations o where o.id = $1`,
  values: [organization_id],
});

/** A page in a line: mostly its current value. */
type Tell = (state: State, i18n: I18n) => string;

const said =
  (text: string): Tell =>
  (_, { t }) =>
    t(text);
const counted = (n: number, none: string, one: string, several: string, { t }: I18n) =>
  n === 0 ? t(none) : n === 1 ? t(one) : t(several, { n });

/** By the page's path; of a page without a line only its name is shown. */
const LINES: Readonly<Record<string, Tell>> = {
  'organization/identity': ({ name, tax_number }) => [name, tax_number].filter(Boolean).join(' · '),
  members: ({ members }, i18n) => counted(members, 'Nobody yet', 'One member', '{{n}} members', i18n),
  'organization/security': ({ code_above }, { t }) =>
    code_above === null ? t('Decisions need only a link') : t('Large decisions need a code'),
  'organization/portal': said('Modules, terms, what contacts may see'),
  'organization/days-off': said('Holidays and closures'),
  'organization/privacy': said('Notice, requests and erasures'),
  '/desk/defaults': said('Default terms and notes'),
  'organization/numbering': ({ numbers }, { t }) => t('Next: {{number}}', { number: numbers.join(', ') }),
  'organization/taxes': ({ taxes }, { t }) => taxes ?? t('None yet'),
  'organization/time': said('Closed periods and hourly rates'),
  'organization/getting-paid': ({ accounts }, i18n) =>
    counted(accounts, 'No bank account yet', 'One bank account', '{{n}} bank accounts', i18n),
  'organization/online-payment': ({ gateway }, { t }) => (gateway ? t('Connected') : t('Off')),
  'organization/reminders': ({ reminder_days }, { t }) => {
    const days = (reminder_days ?? []).filter((day) => day > 0);
    return days.length ? t('{{days}} days after the due date', { days: days.join(', ') }) : t('Off');
  },
  'organization/rates': ({ currency }) => currency,
  'organization/accounting': said('Accounts for your accountant’s exports'),
  '/delivery': said('Sender addresses, DKIM and bounces'),
  'organization/webhooks': ({ webhooks }, i18n) =>
    counted(webhooks, 'None yet', 'One address', '{{n}} addresses', i18n),
  'organization/imports': said('Add partners and items from a file'),
  'organization/jobs': said('Queued and failed work'),
  '/security': said('Sign-ins and security changes'),
};

/** All settings of the organization, each with how it is set. */
export async function showOverview(ctx: RequestContext): Promise<void> {
  const { db, actor, membership } = ctx;
  const i18n = i18nOf(actor);
  const [[found], [numbered]] = await read(db.pool, actor, stateOf(actor), numberingsOf(actor));
  if (!found) throw new NotFound();
  const numbers = nextNumbers(ctx, numbered);
  const state = { ...found, numbers: numbers.filter(({ common }) => common).map(({ sample }) => sample) };
  ctx.res.send(
    contextPage(ctx, overviewView, i18n.t('Settings'), {
      organization: membership.organization,
      personal_url: settingsUrl(ctx, 'profile'),
      unfinished: unfinishedIn(ctx, state, i18n),
      groups: ORGANIZATION_PAGES.map(({ label, pages }) => ({
        label: i18n.t(label),
        rows: pages.map((page) => ({
          href: settingsHref(ctx, page.path),
          label: i18n.t(page.label),
          state: LINES[page.path]?.(state, i18n) ?? '',
        })),
      })),
    }),
  );
}

function unfinishedIn(
  ctx: RequestContext,
  { address, accounts, gateway }: State,
  { t }: I18n,
): OverviewInput['unfinished'] {
  if (!address)
    return {
      title: t('Your address is missing'),
      text: t('Invoices show it, and in many countries they have to.'),
      ...{ url: settingsUrl(ctx, 'organization/identity'), button: t('Add it') },
    };
  if (accounts === 0 && !gateway)
    return {
      title: t('Customers can’t see how to pay you'),
      text: t('Add a bank account, or turn on online payment.'),
      ...{ url: settingsUrl(ctx, 'organization/getting-paid'), button: t('Add an account') },
    };
  return null;
}
