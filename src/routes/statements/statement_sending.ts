import { z } from 'zod';
import { type Query, read, withActor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { today } from '../../pages/days.js';
import type { Translate } from '../../pages/i18n.js';
import type { Choice } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { setPartnerStatements } from '../../payments/statements/monthly_choice.js';
import { sendStatement, statementReaders } from '../../payments/statements/send_statement.js';
import type { Period } from '../../payments/statements/statement.js';
import { readForm, submittedText, text } from '../../people/form_values.js';
import { submitOnce } from '../acts/once.js';
import { type Errors, formInput } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { parsePeriod } from './statement_period.js';

interface StatementEmailInput {
  title: string;
  back: { href: string; label: string };
  action: string;
  /** What is sent, in words, and for the form. */
  period: string;
  typed: Period;
  currency: string;
  recipients: { id: string; name: string; email: string; checked: boolean }[];
  message: string;
  errors: Errors;
  /** Only customers get one each month. */
  monthly: { action: string; value: string; choices: Choice[] } | null;
}

export const statementEmailPage = defineView<StatementEmailInput>('statements/email');

const Form = z.object({ message: text(5000) });

interface Partner {
  name: string;
  currency: string;
  is_customer: boolean;
  monthly_statements: boolean | null;
}

const partnerOf = (organization_id: string | null, id: string): Query<Partner> => ({
  name: 'statement_partner',
  text: 'select name, currency, is_customer, monthly_statements from partners where organization_id = $1 and id = $2',
  values: [organization_id, id],
});

export const showStatementEmail = async (ctx: RequestContext) => ctx.res.send(await page(ctx, ctx.req.query));

export function emailStatement(ctx: RequestContext) {
  const { actor, membership, req } = ctx;
  const partner_id = pathId(req, 'partner');
  const typed = formInput(ctx);
  const work = async ({ db }: RequestContext) => {
    const { period, currency, errors } = parsePeriod(typed, today(actor));
    if (!period || !currency) throw new Invalid({ form: Object.values(errors)[0] ?? 'Choose a currency.' });
    const { message } = readForm(Form, typed);
    const sent = { partner_id, period, currency, message, recipients: chosenIn(typed) };
    await withActor(db.knex, actor, (db) => sendStatement(db, actor, sent));
    const query = new URLSearchParams({ ...period, currency, done: 'sent' }).toString();
    return `/${membership.slug}/partners/${partner_id}/statement?${query}`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, typed, errors));
}

/** When this partner gets statements by themselves. */
export function chooseStatements(ctx: RequestContext) {
  const { actor, membership, req } = ctx;
  const partner_id = pathId(req, 'partner');
  const { monthly } = submittedText(req.body);
  const work = async ({ db }: RequestContext) => {
    const choice = monthly === 'yes' ? true : monthly === 'no' ? false : null;
    await withActor(db.knex, actor, (db) => setPartnerStatements(db, actor, partner_id, choice));
    return `/${membership.slug}/partners/${partner_id}/statement?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, req.query, errors));
}

/** A program may send one alone. */
const chosenIn = (typed: Record<string, unknown>): string[] =>
  [typed['recipient[]'] ?? typed['recipient'] ?? []].flat().filter((one) => typeof one === 'string');

async function page(ctx: RequestContext, typed: Record<string, unknown>, errors: Errors | null = null) {
  const { db, actor, membership, req } = ctx;
  const { t, format } = i18nOf(actor);
  const { organization_id } = actor;
  const partner_id = pathId(req, 'partner');
  const queries = [partnerOf(organization_id, partner_id), statementReaders(organization_id, partner_id)] as const;
  const [[partner], readers] = await read(db.pool, actor, ...queries);
  if (!partner) throw new NotFound();
  const asked = parsePeriod(typed, today(actor));
  const period = asked.period ?? parsePeriod({}, today(actor)).typed;
  const currency = asked.currency ?? partner.currency;
  const chosen = chosenIn(typed);
  const url = `/${membership.slug}/partners/${partner_id}/statement`;
  return contextPage(ctx, statementEmailPage, t('Email this statement'), {
    title: t('Email this statement'),
    back: { href: `${url}?${new URLSearchParams({ ...period, currency }).toString()}`, label: `← ${partner.name}` },
    action: `${url}/email`,
    period: `${format.date(period.from)} – ${format.date(period.to)} · ${currency}`,
    ...{ typed: period, currency },
    recipients: readers.map(({ id, name, email, role }) => ({
      ...{ id, name, email },
      checked: errors ? chosen.includes(id) : role === 'manager' || readers.length === 1,
    })),
    message: typeof typed['message'] === 'string' ? typed['message'] : '',
    errors: errors ?? {},
    monthly: partner.is_customer ? monthlyForm(partner.monthly_statements, `${url}/monthly`, t) : null,
  });
}

const monthlyForm = (monthly: boolean | null, action: string, t: Translate): StatementEmailInput['monthly'] => ({
  action,
  value: monthly === null ? '' : monthly ? 'yes' : 'no',
  choices: [
    { value: '', label: t('As for all customers') },
    { value: 'yes', label: t('On the first of each month') },
    { value: 'no', label: t('Never') },
  ],
});
