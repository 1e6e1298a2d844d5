import type { Knex } from 'knex';
import type { Actor } from '../../db/scope.js';
import { usualInvoice } from '../../document_types/relations.js';
import { contentInput } from '../../document_types/shared/inputs.js';
import { toDraft } from '../../documents/drafts/draft.js';
import { Invalid } from '../../errors.js';
import type { ChangedPlan, NewPlan } from '../../subjects/subscription/plan_input.js';
import { refuseUndecided, takePlanTaxes } from './plan_taxes.js';
import { totalOf } from '../subscription.js';

interface Owner {
  partner_id: string;
  currency: string;
  /** On which its taxes are valid: of the first invoice that has this plan. */
  day: string;
}

/** The columns that a plan's form decides on. @throws Invalid by path, if its invoices could not be made */
export async function planColumns(
  db: Knex.Transaction,
  actor: Actor,
  { content, every, unit, ends_on, terms_days, sends }: NewPlan | ChangedPlan,
  { partner_id, currency, day }: Owner,
) {
  const { title, reference, note, terms } = content;
  const lines = await takePlanTaxes(db, actor, partner_id, content, day);
  await refuseUndecided(db, actor, partner_id, lines);
  const drafted = {
    title,
    reference,
    note,
    terms,
    lines: lines.map(({ taxes = [], ...line }) => ({ ...line, taxes })),
  };
  toDraft({ ...contentInput.parse({ issued_on: day }), ...drafted }, currency, usualInvoice);
  const total = totalOf(lines, currency);
  if (total <= 0) throw new Invalid({ 'content.lines': 'Enter a price above zero.' });
  const said = { title, reference, note, terms, lines, total };
  return { ...said, every, unit, ends_on: ends_on ?? null, terms_days, sends };
}

/** @throws Invalid */
export function refuseDays(start_on: string, trial_until: string | null, ends_on: string | null): void {
  if (trial_until && trial_until < start_on) throw new Invalid({ trial_until: 'It can’t end before it begins.' });
  if (ends_on && ends_on < (trial_until ?? start_on)) throw new Invalid({ ends_on: 'It can’t end before it begins.' });
}
