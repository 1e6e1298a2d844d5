import { read, systemActor } from '../../db/scope.js';
import { defineView } from '../../pages/views/render.js';
import {
  decidedEntries,
  type DecidedEntry,
  openEntries,
  type OpenEntry,
  ENTRIES_SHOWN,
} from '../../payments/bank_statements/suggestions.js';
import { submittedText } from '../../people/form_values.js';
import type { Errors } from '../shared/form.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';

/** Posts files; for an entry number and open, or was. */
interface BankInput {
  action: string;
  errors: Errors;
  /** Whether there are more than are shown. */
  more: boolean;
  open: Waiting[];
  decided: Decided[];
}

interface Money {
  url: string;
  booked_on: string;
  amount: number;
  currency: string;
  reference: string;
  payer: string;
}

interface Waiting extends Money {
  number: string;
  /** The proposed invoice, and what was open on it, in minor units. */
  proposed: string;
  open: string;
  /** Why it is proposed. */
  why: string | null;
  error: string | null;
}

interface Decided extends Money {
  was: 'recorded' | 'ignored';
  number: string | null;
  document_url: string | null;
  by: string | null;
}

export const bankView = defineView<BankInput>('bank/bank');

export const bankUrl = ({ membership }: RequestContext) => `/${membership.slug}/bank`;

/** `entry_id`: the entry that the errors are of; without it they are of the import. */
export async function bankPage(ctx: RequestContext, errors: Errors, entry_id?: string): Promise<string> {
  const { db, actor } = ctx;
  // Open amounts are the system's: the guard has let in only who may record payments.
  const system = systemActor(actor.organization_id, actor.person_id, actor.now);
  const [open, decided] = await read(db.pool, system, openEntries(actor), decidedEntries(actor));
  const t = translatorOf(ctx);
  const toast = toastOf(ctx);
  return contextPage(
    ctx,
    bankView,
    t('Bank statements'),
    {
      action: bankUrl(ctx),
      // An entry that somebody else has dealt with meanwhile stands here no more.
      errors: open.some(({ id }) => id === entry_id) ? {} : entry_id ? { form: firstOf(errors) } : errors,
      more: open.length === ENTRIES_SHOWN,
      open: open.map((entry) => waiting(ctx, entry, entry.id === entry_id ? errors : null)),
      decided: decided.map((entry) => decidedView(ctx, entry)),
    },
    toast === undefined ? {} : { toast },
  );
}

const firstOf = (errors: Errors): string => errors['form'] ?? Object.values(errors)[0] ?? '';

/** What an import brought. */
function toastOf(ctx: RequestContext): string | undefined {
  const t = translatorOf(ctx);
  const added = ctx.req.query['new'];
  if (typeof added !== 'string' || !/^\d{1,4}$/.test(added)) return undefined;
  return added === '0'
    ? t('Everything in this file was already imported.')
    : t('{{count}} entries imported.', { count: Number(added) });
}

const moneyOf = (
  ctx: RequestContext,
  { id, booked_on, amount, currency, reference, payer }: OpenEntry | DecidedEntry,
) => ({
  ...{ url: `${bankUrl(ctx)}/${id}`, booked_on, amount, currency, reference, payer },
});

function waiting(ctx: RequestContext, entry: OpenEntry, errors: Errors | null): Waiting {
  const typed = errors ? submittedText(ctx.req.body) : {};
  const sure = entry.by_number || entry.by_name || entry.by_amount;
  return {
    ...moneyOf(ctx, entry),
    number: typed['number'] ?? entry.number ?? '',
    proposed: entry.number ?? '',
    open: entry.open === null ? '' : String(entry.open),
    why: sure ? whyOf(ctx, entry) : null,
    error: errors && firstOf(errors),
  };
}

/** "Maple Street Clinic, Reception fit-out: same amount, same name". */
function whyOf(ctx: RequestContext, { partner, title, by_number, by_amount, by_name }: OpenEntry): string {
  const t = translatorOf(ctx);
  const reasons = [
    by_number && t('number in the reference'),
    by_amount ? t('same amount') : t('another amount'),
    by_name && t('same name'),
  ].filter(Boolean);
  return `${[partner, title].filter(Boolean).join(' · ')} (${reasons.join(', ')})`;
}

function decidedView(ctx: RequestContext, entry: DecidedEntry): Decided {
  const { number, by, state } = entry;
  return {
    ...moneyOf(ctx, entry),
    was: state === 'recorded' ? 'recorded' : 'ignored',
    number,
    document_url: number && `/${ctx.membership.slug}/documents/${number}`,
    by,
  };
}
