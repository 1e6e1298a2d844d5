import type { Knex } from 'knex';
import type { ContentChange } from '../../document_types/index.js';
import { z } from 'zod';
import { changes, choices, prices } from '../../document_types/shared/inputs.js';
import { Invalid } from '../../errors.js';
import { day, shortText } from '../../input/fields.js';
import { taking } from '../acting/taking.js';
import { withChosenOptions } from '../content/chosen_lines.js';
import { today } from '../../pages/days.js';
import { changeContent } from '../content/content_store.js';
import type { ActContext, ContentChangeResult } from '../acting/document_act.js';
import { setDelivery, setPrices } from './offering.js';
import { applyProposed, dropProposed, proposeChanges } from './proposing.js';

type Run = (db: Knex.Transaction, act: ActContext) => Promise<ContentChangeResult>;

/** What each `contentChange` of an action does to the document's content, before it is frozen. All throw Invalid. */
export const contentChanges: Record<ContentChange, Run> = {
  choices: taking(z.object({ reference: shortText.optional(), choices }), setChoices),
  prices: taking(z.object({ prices, delivery_on: day.optional() }), setPrices),
  delivery: taking(z.object({ delivery_on: day }), setDelivery),
  deadline: taking(z.object({ due_on: day }), setDeadline),
  propose: taking(z.object({ changes }), proposeChanges),
  'apply proposed': applyProposed,
  'drop proposed': dropProposed,
};

/** Picks options (left out: they stay as they are), and stores the PO number. @throws Invalid if one is required */
async function setChoices(
  db: Knex.Transaction,
  { document, input, actor }: ActContext<{ reference?: string | undefined; choices?: string[] | undefined }>,
): Promise<ContentChangeResult> {
  const reference = input.reference ?? document.reference;
  if (document.reference_required && !reference && actor.side === 'partner')
    throw new Invalid({ reference: 'Give your order number.' });
  const { choices } = input;
  const changed = await changeContent(db, document, ({ lines }) => ({
    reference,
    lines: choices ? withChosenOptions(lines, new Set(choices)) : lines,
  }));
  return { changed };
}

async function setDeadline(
  db: Knex.Transaction,
  { document, input: { due_on }, actor }: ActContext<{ due_on: string }>,
): Promise<ContentChangeResult> {
  if (due_on < today(actor)) throw new Invalid({ due_on: 'This day has passed.' });
  const changed = await changeContent(db, document, () => ({ due_on }));
  // An expired proposal becomes open again.
  return { changed, branch: document.state === 'submitted' ? 'submitted' : 'requested' };
}
