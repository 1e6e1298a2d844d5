import type { Knex } from 'knex';
import type { z } from 'zod';
import type { changes } from '../../document_types/shared/inputs.js';
import type { Difference } from '../../activity/difference.js';
import { Conflict, Invalid } from '../../errors.js';
import type { ContentChangeResult } from '../acting/document_act.js';
import { today } from '../../pages/days.js';
import { validatedTotals, type Line } from '../content/content.js';
import { changeContent, readContent, readLines } from '../content/content_store.js';
import { proposedDifferences, withProposed } from '../content/differences.js';
import type { ActContext } from '../acting/document_act.js';
import { billedSoFar } from './billed_so_far.js';

interface ProposedInput {
  changes: z.output<typeof changes>;
}

/** Stores the changes that a vendor proposes. @throws Invalid by field, or if nothing would change */
export async function proposeChanges(
  db: Knex.Transaction,
  act: ActContext<ProposedInput>,
): Promise<ContentChangeResult> {
  const { document } = act;
  const errors: Record<string, string> = {};
  const current = await readLines(db, document);
  const proposed = current.flatMap((line) => proposedFor(line, act, errors));
  if (Object.keys(errors).length) throw new Invalid(errors);
  if (!proposed.length) throw new Invalid({ form: 'Change a date, a quantity or a price first.' });
  validatedTotals({ ...(await readContent(db, document)), lines: withProposed(current, proposed) });
  const { organization_id, id } = document;
  await db('documents')
    .where({ organization_id, id })
    .update({ proposed: JSON.stringify(proposed) });
  return { changed: false };
}

function proposedFor(
  line: Line,
  { input, actor }: ActContext<ProposedInput>,
  errors: Record<string, string>,
): Difference[] {
  const { quantity, unit_price, delivery_on } = input.changes[line.id] ?? {};
  if (delivery_on && delivery_on !== line.delivery_on && delivery_on < today(actor))
    errors[`changes.${line.id}.delivery_on`] = 'This day has passed.';
  return proposedDifferences(line, {
    quantity: quantity ?? line.quantity,
    unit_price: unit_price ?? line.unit_price,
    delivery_on: delivery_on ?? line.delivery_on,
  });
}

/** Applies the proposed changes to the order. If it must be signed, the vendor has to acknowledge it again. */
export async function applyProposed(db: Knex.Transaction, { document }: ActContext): Promise<ContentChangeResult> {
  const { organization_id, id, proposed, signature_required } = document;
  if (!proposed) throw new Conflict('There is nothing proposed any more.');
  const changed = await changeContent(db, document, ({ lines }) => ({ lines: withProposed(lines, proposed) }));
  await db('documents').where({ organization_id, id }).update({ proposed: null });
  return { changed, branch: signature_required ? 'unsigned' : (await billedSoFar(db, document)).branch };
}

export async function dropProposed(
  db: Knex.Transaction,
  { document: { organization_id, id } }: ActContext,
): Promise<ContentChangeResult> {
  await db('documents').where({ organization_id, id }).update({ proposed: null });
  return { changed: false };
}
