import type { Knex } from 'knex';
import type { z } from 'zod';
import type { changes } from '../../document_types/shared/inputs.js';
import { Conflict, Invalid } from '../../errors.js';
import type { ContentChangeResult } from '../acting/context.js';
import { today } from '../content/days.js';
import { validatedTotals, type Line } from '../content/content.js';
import { changeContent, readContent, readLines } from '../content/content_store.js';
import type { Proposed } from '../content/document.js';
import type { ActContext } from '../acting/context.js';

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
  const lines = current.flatMap((line) => proposedFor(line, act, errors));
  if (Object.keys(errors).length) throw new Invalid(errors);
  if (!lines.length) throw new Invalid({ form: 'Change a date, a quantity or a price first.' });
  validatedTotals({ ...(await readContent(db, document)), lines: withProposed(current, lines) });
  const { organization_id, id } = document;
  const proposed: Proposed = { lines };
  await db('documents')
    .where({ organization_id, id })
    .update({ proposed: JSON.stringify(proposed) });
  return { changed: false };
}

function proposedFor(
  line: Line,
  { input, actor }: ActContext<ProposedInput>,
  errors: Record<string, string>,
): Proposed['lines'] {
  const { quantity, unit_price, delivery_on } = input.changes[line.id] ?? {};
  const later = delivery_on !== undefined && delivery_on !== line.delivery_on;
  if (later && delivery_on < today(actor)) errors[`changes.${line.id}.delivery_on`] = 'This day has passed.';
  const change = {
    ...(quantity !== undefined && Number(quantity) !== Number(line.quantity) ? { quantity } : {}),
    ...(unit_price !== undefined && Number(unit_price) !== Number(line.unit_price) ? { unit_price } : {}),
    ...(later ? { delivery_on } : {}),
  };
  const was = { quantity: line.quantity, unit_price: line.unit_price, delivery_on: line.delivery_on };
  return Object.keys(change).length ? [{ id: line.id, what: line.description, was, ...change }] : [];
}

function withProposed(lines: Line[], proposed: Proposed['lines']): Line[] {
  const changes = new Map(proposed.map(({ id, what: _what, was: _was, ...change }) => [id, change]));
  return lines.map((line) => ({ ...line, ...changes.get(line.id) }));
}

/** Applies the proposed changes to the order. If it must be signed, the vendor has to acknowledge it again. */
export async function applyProposed(db: Knex.Transaction, { document }: ActContext): Promise<ContentChangeResult> {
  const { organization_id, id, proposed, signature_required } = document;
  if (!proposed) throw new Conflict('There is nothing proposed any more.');
  const changed = await changeContent(db, document, ({ lines }) => ({ lines: withProposed(lines, proposed.lines) }));
  await db('documents').where({ organization_id, id }).update({ proposed: null });
  return { changed, branch: signature_required ? 'unsigned' : 'agreed' };
}

export async function dropProposed(
  db: Knex.Transaction,
  { document: { organization_id, id } }: ActContext,
): Promise<ContentChangeResult> {
  await db('documents').where({ organization_id, id }).update({ proposed: null });
  return { changed: false };
}
