import Big from 'big.js';
import type { Knex } from 'knex';
import { systemActor } from '../../db/scope.js';
import { type DocumentType, typeNamed } from '../../document_types/index.js';
import { statesToMake } from '../../document_types/relations.js';
import { Conflict, Invalid } from '../../errors.js';
import { formatFor } from '../../pages/format.js';
import { readLines } from '../content/content_store.js';
import { type Document, findDocument, lockDocuments } from '../content/document.js';
import { countedSql, remainingQuantities } from '../content/sums.js';
import { isCounted } from '../content/totals.js';
import type { ActContext } from '../acting/document_act.js';

/**
 * Before a document is sent: it may take no more than what is left of the one it was made from, which stays locked, so
 * that of two at the same time the second sees the first. @throws Invalid naming what is left; Conflict if nothing may
 * be made from it any more
 */
export async function refuseBeyondOrigin(db: Knex.Transaction, act: ActContext): Promise<void> {
  const { organization_id, type, origin_id, version } = act.document;
  if (!origin_id) return;
  const found = await db('documents').where({ organization_id, id: origin_id }).first('type');
  const limit = typeNamed(found.type).limits?.[type];
  if (!limit) return;
  await lockDocuments(db, organization_id, [origin_id]);
  const origin = await findDocument(db, systemActor(organization_id), origin_id);
  // What was sent once may be corrected, whatever became of its origin.
  if (version === 0) requireStillOpen(origin, type);
  await (limit === 'total' ? refuseBeyondTotal : refuseBeyondQuantities)(db, origin, act);
}

function requireStillOpen({ type, state, number }: Document, made: string): void {
  if (statesToMake(type, made).includes(state)) return;
  const label = typeNamed(type).stateLabels[state]?.label ?? state;
  throw new Conflict('{{document}} is “{{state}}”: this can’t be done to it now.', {
    document: number ?? '',
    state: { text: label },
  });
}

/** Line by line: what is in no line of the origin is extra, which it doesn't limit. */
async function refuseBeyondQuantities(db: Knex.Transaction, origin: Document, { document, actor }: ActContext) {
  const lines = await readLines(db, document);
  const ordered = (await readLines(db, origin)).filter(isCounted);
  const remaining = await remainingQuantities(db, origin, ordered, document.id);
  for (const [index, { origin_line, quantity }] of lines.entries()) {
    const left = origin_line === null ? undefined : remaining.get(origin_line);
    if (origin_line === null || left === undefined) continue;
    const [rest, taken] = [Big(left), Big(quantity)];
    if (taken.gt(rest) && taken.gt(0))
      throw new Invalid(
        { [`content.lines.${index}.quantity`]: 'No more than {{left}} is left of {{document}}.' },
        { left: formatFor(actor).number(rest.lt(0) ? '0' : left), document: origin.number ?? '' },
      );
    remaining.set(origin_line, rest.minus(taken).toString());
  }
}

async function refuseBeyondTotal(db: Knex.Transaction, origin: Document, { document, actor }: ActContext) {
  const { organization_id, id, type, currency } = document;
  const { total } = await db('documents').where({ organization_id, id }).first('total');
  const left = origin.total - (await takenTotal(db, origin, typeNamed(type), id));
  if (total > left)
    throw new Invalid(
      { form: 'No more than {{left}} is left of {{document}}.' },
      { left: formatFor(actor).money(Math.max(0, left), currency), document: origin.number ?? '' },
    );
}

/** What was credited stays at least so much: it is not voided as well, nor corrected below that. @throws Conflict */
export async function refuseBelowTaken(db: Knex.Transaction, document: Document, total: number): Promise<void> {
  for (const [name, limit] of Object.entries(typeNamed(document.type).limits ?? {}))
    if (limit === 'total' && (await takenTotal(db, document, typeNamed(name))) > total)
      throw new Conflict('{{document}} has been credited: void the credit note first.', {
        document: document.number ?? '',
      });
}

/** The sum of the documents of a type that were made from one, sent and still in effect; with tax, in minor units. */
export async function takenTotal(
  db: Knex.Transaction,
  { organization_id, id }: Document,
  type: DocumentType,
  except: string | null = null,
): Promise<number> {
  const { rows } = await db.raw<{ rows: { taken: number }[] }>(
    `select coalesce(sum(m.total), 0)::bigint as taken from documents m
     where m.organization_id = ? and m.origin_id = ? and m.id is distinct from ?::uuid and ${countedSql(type)}`,
    [organization_id, id, except],
  );
  return rows[0]?.taken ?? 0;
}
