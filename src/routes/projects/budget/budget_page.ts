import { usualInvoice } from '../../../document_types/relations.js';
import { defineView } from '../../../pages/views/render.js';
import type { Choice, Link } from '../../../pages/views/components.js';
import {
  budgetGroups,
  budgetItems,
  type BudgetGroup,
  type BudgetRow,
  chosenItems,
  MOST_CHOSEN,
  MOST_OPEN,
  unplacedLines,
} from '../../../projects/budget/budget_rows.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import type { ProjectHead } from '../../../projects/project_head.js';
import { isOffered } from '../../../subjects/may.js';
import type { ActionPage, FormState } from '../../shared/form.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { keyIn, type ProjectFrame, readPage } from '../project_page.js';
import { madeDocuments, taskChoices, vendorChoices } from './budget_choices.js';
import { budgetRequest, type BudgetRequest, isChosen } from './budget_request.js';
import { type BudgetSummary, budgetSummary, totalsOfGroups } from './budget_summary.js';
import { type BudgetLine, type GroupRows, groupRows, totalLine } from './budget_table.js';
import { type BudgetForm, groupForm, itemForm, type FormContext } from './item_form.js';
import { type MakingView, makingView } from './making/making_view.js';
import { type UnplacedView, unplacedView } from './unplaced_view.js';

interface BudgetInput {
  frame: ProjectFrame;
  url: string;
  /** Null: there is no item yet. */
  summary: BudgetSummary | null;
  groups: GroupRows[];
  total: BudgetLine;
  currency: string;
  chosen: number;
  over: boolean;
  making: MakingView | null;
  form: BudgetForm | null;
  /** The form of a new group. */
  new_group: { action: string; value: string; error: string | undefined };
  /** What was just done can be undone. */
  undo: { action: string; activity: string } | null;
  made: Link[];
  unplaced: UnplacedView | null;
  /** Who reads it may change it. */
  writes: boolean;
  import_url: string;
  export_url: string;
  /** Opens all groups of a large budget; null: they are open, or too many. */
  open_url: string | null;
}

export const budgetView = defineView<BudgetInput>('projects/budget/page');

/** What the page is shown again for: an act's form, or that of New. */
export interface Again {
  form?: FormState;
  making?: { typed: Record<string, unknown>; errors: Record<string, string> };
}

const choices = (rows: { id: string; name: string }[]): Choice[] =>
  rows.map(({ id, name }) => ({ value: id, label: name }));

/** A project's budget, for staff. */
export async function showBudget(ctx: RequestContext, again: Again = {}) {
  ctx.res.send(await budgetPage(ctx, requestOf(ctx, again), again));
}

/** A form that is shown again says what is open. */
function requestOf(ctx: RequestContext, { form }: Again): BudgetRequest {
  const request = budgetRequest(ctx);
  const typed = (name: string) => (typeof form?.input[name] === 'string' ? form.input[name] : null);
  if (form?.action === 'add_item') return { ...request, add: typed('group') };
  return form ? { ...request, edit: typed('item') ?? typed('group') } : request;
}

/** The page's HTML. @throws NotFound */
export async function budgetPage(ctx: RequestContext, request: BudgetRequest, again: Again = {}): Promise<string> {
  const { actor, membership } = ctx;
  const key = keyIn(ctx);
  const asking = request.edit !== null || request.add !== null;
  const { head, frame, found, i18n, url } = await readPage(
    ctx,
    'budget',
    budgetGroups(actor, key),
    budgetItems(actor, key, request),
    chosenItems(actor, key, request.chosen),
    vendorChoices(actor, asking || request.making),
    taskChoices(actor, key, asking),
    madeDocuments(actor, request.made),
    unplacedLines(actor, key),
  );
  const [groups, rows, chosen, vendors, tasks, made, unplaced] = found;
  const place = { i18n, project_url: url, slug: membership.slug };
  const lists = { groups, rows, vendors: choices(vendors), tasks: choices(tasks) };
  const input: BudgetInput = {
    ...tableInput(lists, { currency: head.currency, i18n, url: `${url}/budget`, request }),
    ...formsInput(ctx, lists, { ...place, head, request, form: again.form ?? null }),
    ...{ frame, chosen: isChosen(request.chosen) ? Math.min(chosen.length, MOST_CHOSEN) : 0 },
    making: request.making ? makingPart(ctx, chosen, { ...place, head, request, again, vendors: lists.vendors }) : null,
    made: made.map(({ id, name }) => ({ href: `/${membership.slug}/documents/${id}/edit`, label: name })),
    unplaced: isOffered(actor, 'planning') ? unplacedView(unplaced, groups, rows, place) : null,
  };
  const most = { most: MOST_CHOSEN };
  const tooMany = chosen.length > MOST_CHOSEN ? i18n.t('Only {{most}} items can be chosen at once.', most) : undefined;
  const notice = unshown(again.form ?? null, input.form) ?? tooMany;
  return contextPage(ctx, budgetView, `${i18n.t('Budget')} · ${head.name}`, input, { notice });
}

interface Lists {
  groups: BudgetGroup[];
  rows: BudgetRow[];
  vendors: Choice[];
  tasks: Choice[];
}

function tableInput({ groups, rows }: Lists, table: Parameters<typeof totalLine>[1]) {
  const { currency, i18n, url, request } = table;
  const totals = totalsOfGroups(groups);
  const shown = groupRows(groups, rows, table);
  return {
    ...{ url, currency, over: request.over },
    summary: totals.items ? budgetSummary(totals, currency, i18n) : null,
    ...{ groups: shown, total: totalLine(totals, table) },
    open_url: totals.items <= MOST_OPEN && shown.some(({ closed }) => closed !== null) ? `${url}?open=all` : null,
    ...{ import_url: `${url}/import`, export_url: `${url}/export` },
  };
}

interface Place {
  i18n: I18n;
  project_url: string;
  slug: string;
  request: BudgetRequest;
}

function formsInput(
  { actor }: RequestContext,
  lists: Lists,
  place: Place & { head: ProjectHead; form: FormState | null },
) {
  const { project_url, request, form, head, slug } = place;
  const writes = isOffered(actor, 'planning');
  const asked = { type: usualInvoice.name, partner: head.partner_id ?? '', currency: head.currency, costs: '1' };
  const suggestions_url = `/${slug}/items/suggestions?${new URLSearchParams(asked)}`;
  const context = { ...lists, ...place, locale: actor.locale, suggestions_url };
  return {
    writes,
    form: writes ? openForm(lists.groups, lists.rows, request, context) : null,
    new_group: newGroup(project_url, form),
    undo: request.undo && writes ? { action: `${project_url}/undo_budget`, activity: request.undo } : null,
  };
}

function makingPart(
  { req, actor }: RequestContext,
  chosen: BudgetRow[],
  {
    i18n,
    project_url,
    slug,
    head,
    request,
    again,
    vendors,
  }: Place & { head: ProjectHead; again: Again; vendors: Choice[] },
): MakingView {
  const typed = again.making ?? { typed: req.query, errors: {} };
  const place = { actor, slug, head, i18n, url: `${project_url}/budget`, chosen: request.chosen, vendors };
  return makingView(chosen.slice(0, MOST_CHOSEN), { ...place, ...typed });
}

function newGroup(project_url: string, form: FormState | null) {
  const shown = form?.action === 'add_budget_group' ? form : null;
  const value = typeof shown?.input['name'] === 'string' ? shown.input['name'] : '';
  return { action: `${project_url}/add_budget_group`, value, error: shown?.errors['name'] };
}

/** What no form of the page can show. */
const unshown = (form: FormState | null, open: BudgetForm | null): string | undefined =>
  form && form.action !== 'add_budget_group' && !open ? Object.values(form.errors)[0] : undefined;

function openForm(
  groups: BudgetGroup[],
  rows: BudgetRow[],
  { edit, add }: BudgetRequest,
  context: FormContext,
): BudgetForm | null {
  const item = rows.find(({ id }) => id === edit);
  if (item) return itemForm(item, item.group_id, context);
  const group = groups.find(({ id }) => id === edit);
  if (group) return groupForm(group, context);
  const into = groups.find(({ id }) => id === add);
  return into ? itemForm(null, into.id, context) : null;
}

/** Shown again with what was typed; after an act, with the way to undo it. */
export const budgetFormPage: ActionPage = {
  show: (ctx, form) => showBudget(ctx, { form }),
  next: ({ membership }, { number, activity_id }, action) => {
    const undo = activity_id && action !== 'undo_budget' && action !== 'place_line' ? `&undo=${activity_id}` : '';
    return `/${membership.slug}/projects/${number}/budget?done=saved${undo}`;
  },
};
