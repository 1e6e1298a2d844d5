import { today } from '../../pages/days.js';
import type { Link, Statement, Tab } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import type { AccountStatement, Period } from '../../payments/statements/statement.js';
import { isOffered } from '../../subjects/may.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { presets } from './statement_period.js';
import { statementSheet } from './statement_sheet.js';

/** The statement of an account over a period. */
interface StatementInput {
  title: string;
  kicker: string;
  back: Link;
  action: string;
  /** The currency in the form's address; null where there is one only. */
  currency: string | null;
  currencies: Tab[];
  presets: Tab[];
  /** As typed. */
  typed: Period;
  errors: Errors;
  /** Null: the period can't be read. */
  statement: Statement | null;
  pdf_url: string;
  csv_url: string;
  /** Where staff email it; null for the partner. */
  email_url: string | null;
}

export const statementPage = defineView<StatementInput>('statements/show');

interface Asked {
  typed: Period;
  period: Period | null;
  errors: Errors;
}

/** The page of a statement, as the address asks for it. */
export function statementView(ctx: RequestContext, account: AccountStatement, asked: Asked): StatementInput {
  const { req, actor, membership } = ctx;
  const { slug } = membership;
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const { typed, period, errors } = asked;
  const { currency, currencies } = account;
  const own = actor.side === 'partner';
  const several = currencies.length > 1;
  const address = (more: Record<string, string>) =>
    `${req.path}?${new URLSearchParams({ ...typed, ...(several ? { currency } : {}), ...more }).toString()}`;
  const back = own
    ? { href: `/${slug}`, label: t('Home') }
    : { href: req.path.replace(/\/statement$/, ''), label: account.partner };
  return {
    title: t('Statement of account'),
    kicker: account.partner,
    back: { ...back, label: `← ${back.label}` },
    action: req.path,
    currency: several ? currency : null,
    currencies: currencies.map((one) => ({ href: address({ currency: one }), label: one, current: one === currency })),
    presets: presets(today(actor), typed, (days) => address({ ...days }), t),
    ...{ typed, errors },
    statement: period && statementSheet(account, { period, today: today(actor), url: `/${slug}`, i18n }),
    pdf_url: address({ format: 'pdf' }),
    csv_url: address({ format: 'csv' }),
    email_url:
      !isOffered(actor, { permits: account.is_customer ? 'invoicing' : 'paying' }) || own
        ? null
        : `${req.path}/email?${new URLSearchParams({ ...typed, currency }).toString()}`,
  };
}
