import { isId } from '../../../../db/ids.js';
import { read } from '../../../../db/scope.js';
import { type DocumentType, types } from '../../../../document_types/index.js';
import { Invalid, NotFound } from '../../../../errors.js';
import { chosenItems, MOST_CHOSEN } from '../../../../projects/budget/budget_rows.js';
import { lockItems, refuseDrafted } from '../../../../projects/budget/making/drafts_of_items.js';
import { makeDocuments } from '../../../../projects/budget/making/make_documents.js';
import { madeLines } from '../../../../projects/budget/making/made_lines.js';
import { makingKind } from '../../../../projects/budget/making/making_kinds.js';
import { submitOnce } from '../../../acts/once.js';
import { one } from '../../../forms/field_values.js';
import { formInput } from '../../../shared/form.js';
import type { RequestContext } from '../../../shared/request_context.js';
import { findProject } from '../../project_page.js';
import { budgetPage } from '../budget_page.js';
import { budgetRequest, selectionIn } from '../budget_request.js';
import { readParts } from './making_view.js';

/** Makes drafts of the chosen items, once, and leads to the editor; of several, back to the budget with links. */
export function makeFromBudget(ctx: RequestContext) {
  const typed = formInput(ctx);
  const type = typeIn(typed);
  const again = (errors: Record<string, string>) => {
    const request = { ...budgetRequest(ctx), chosen: selectionIn(typed), making: true };
    return budgetPage(ctx, request, { making: { typed, errors } });
  };
  return submitOnce(ctx, (ctx) => make(ctx, type, typed), again);
}

function typeIn(typed: Record<string, unknown>): DocumentType {
  const type = types.find(({ name }) => name === one(typed, 'type'));
  if (!type || !makingKind(type)) throw new NotFound();
  return type;
}

/** Returns the address of what it made. @throws Invalid */
async function make(ctx: RequestContext, type: DocumentType, typed: Record<string, unknown>): Promise<string> {
  const { db, actor, membership } = ctx;
  const project = await findProject(ctx);
  const chosen = () => read(db.pool, actor, chosenItems(actor, project.key, selectionIn(typed)));
  const [found] = await chosen();
  if (!found.length) throw new Invalid({ form: 'Choose at least one item.' });
  await lockItems(
    db.knex,
    actor,
    found.map(({ id }) => id),
  );
  // What somebody else made of them meanwhile.
  const [rows] = await chosen();
  const { read: parts, errors } = readParts(rows, typed, actor.locale);
  if (Object.keys(errors).length) throw new Invalid(errors);
  const lines = madeLines(type, rows.slice(0, MOST_CHOSEN), { parts, currency: project.currency });
  const items = lines.map(({ row }) => row.id);
  if (one(typed, 'anyway') !== 'on') await refuseDrafted(db.knex, actor, type, items);
  const vendor = one(typed, 'vendor');
  const making = { project, type, lines, vendor: isId(vendor) ? vendor : null };
  const ids = await makeDocuments(db.knex, actor, making);
  const [id] = ids;
  if (ids.length === 1) return `/${membership.slug}/documents/${id}/edit`;
  const query = new URLSearchParams(ids.map((id) => ['made', id]));
  return `/${membership.slug}/projects/${project.key}/budget?${query}`;
}
