import { formatDecimalInput } from '../../../documents/content/decimals.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import type { Choice, Field } from '../../../pages/views/components.js';
import type { BudgetGroup, BudgetRow } from '../../../projects/budget/budget_rows.js';
import type { Errors, FormState } from '../../shared/form.js';

/** The form of an item, or of a group. */
export interface BudgetForm {
  /** The item's or group's id, or that of the group which gets an item. */
  id: string;
  action: string;
  cancel: string;
  hidden: Record<string, string>;
  /** What completes an item's name; null for a group. */
  suggestions_url: string | null;
  fields: Field[];
  /** Of one that exists: what else can be done to it. */
  others: { action: string; label: string; hidden: Record<string, string> }[];
  error: string | undefined;
}

export interface FormContext {
  locale: string;
  i18n: I18n;
  /** '/harbor/projects/MAPLE' */
  project_url: string;
  groups: BudgetGroup[];
  vendors: Choice[];
  tasks: Choice[];
  suggestions_url: string;
  /** To show again. */
  form: FormState | null;
}

const back = (url: string) => `${url}/budget`;

/** The form of an item; of a new one, of the group that gets it. */
export function itemForm(item: BudgetRow | null, group: string, context: FormContext): BudgetForm {
  const { project_url, i18n, form } = context;
  const { t } = i18n;
  const shown = form && ['add_item', 'change_item'].includes(form.action) ? form : null;
  const id = item?.id ?? group;
  const other = (action: string, label: string, more: Record<string, string> = {}) => ({
    ...{ action: `${project_url}/${action}`, label },
    hidden: { item: id, ...more },
  });
  return {
    id,
    ...{ action: `${project_url}/${item ? 'change_item' : 'add_item'}`, cancel: back(project_url) },
    hidden: { ...(item ? { item: id } : {}), catalog: typed(shown, 'catalog') ?? item?.catalog_id ?? '' },
    suggestions_url: context.suggestions_url,
    fields: itemFields(valuesOf(item, group, context.locale), shown, context),
    others: item
      ? [
          other('move_item', t('Move up'), { direction: 'up' }),
          other('move_item', t('Move down'), { direction: 'down' }),
          other('remove_item', t('Remove')),
        ]
      : [],
    error: shown?.errors['form'] ?? (form && !shown ? form.errors['form'] : undefined),
  };
}

function valuesOf(item: BudgetRow | null, group: string, locale: string): Record<string, string> {
  if (!item) return { group, quantity: formatDecimalInput('1', locale) };
  const decimal = (value: string | null) => (value === null ? '' : formatDecimalInput(value, locale));
  const { name, unit, quantity, unit_cost, markup, unit_price, vendor_id, task_id, group_id } = item;
  return {
    ...{ name, unit, group: group_id, vendor: vendor_id ?? '', task: task_id ?? '' },
    ...{ quantity: decimal(quantity), unit_cost: decimal(unit_cost), markup: decimal(markup) },
    unit_price: markup === null ? decimal(unit_price) : '',
  };
}

const typed = (shown: FormState | null, name: string) =>
  typeof shown?.input[name] === 'string' ? shown.input[name] : undefined;

function itemFields(values: Record<string, string>, shown: FormState | null, context: FormContext): Field[] {
  const { t } = context.i18n;
  const errors: Errors = shown?.errors ?? {};
  const field = (name: string, kind: Field['kind'], label: string, more: Partial<Field> = {}): Field => ({
    ...{ name, kind, label, id: `item-${name}`, optional: false },
    ...{ value: typed(shown, name) ?? values[name] ?? '', error: errors[name], ...more },
  });
  const none = { value: '', label: t('None') };
  const number = { maxlength: 20 };
  return [
    field('name', 'text', t('Item'), { required: true, maxlength: 200 }),
    field('group', 'choice', t('Group'), {
      choices: context.groups.map(({ id, name }) => ({ value: id, label: name })),
    }),
    field('quantity', 'text', t('Quantity'), number),
    field('unit', 'text', t('Unit'), { maxlength: 40 }),
    field('unit_cost', 'text', t('Unit cost'), number),
    field('markup', 'text', t('Markup %'), number),
    field('unit_price', 'text', t('Fixed unit price'), { ...number, hint: t('Instead of cost and markup') }),
    field('vendor', 'choice', t('Vendor'), { choices: [none, ...context.vendors] }),
    field('task', 'choice', t('Own work on'), { choices: [none, ...context.tasks] }),
  ];
}

/** The form that renames a group, or removes it. */
export function groupForm({ id, name }: BudgetGroup, { project_url, i18n: { t }, form }: FormContext): BudgetForm {
  const shown = form && ['rename_budget_group', 'remove_budget_group'].includes(form.action) ? form : null;
  const typed = shown?.input['name'];
  return {
    id,
    ...{ action: `${project_url}/rename_budget_group`, cancel: back(project_url), hidden: { group: id } },
    suggestions_url: null,
    fields: [
      {
        ...{ name: 'name', kind: 'text', label: t('Group'), id: 'group-name', required: true, maxlength: 200 },
        ...{ value: typeof typed === 'string' ? typed : name, error: shown?.errors['name'] },
      },
    ],
    others: [{ action: `${project_url}/remove_budget_group`, label: t('Remove'), hidden: { group: id } }],
    error: shown?.errors['form'],
  };
}
