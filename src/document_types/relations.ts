import { type DocumentType, has, typeNamed, types } from './index.js';
import type { Effect } from './shared/type.js';

/** Whether somebody can start one; what answers another document is created by sending that. */
export const isStartable = ({ answers }: DocumentType) => answers === undefined;

/** Whether one goes to several partners, and so has no partner of its own. */
export const isForSeveral = ({ addressedTo }: DocumentType) => addressedTo === 'several';

/** The types whose documents answer one of this type. */
export const answersTo = (name: string) => types.filter(({ answers }) => answers === name);

/** Whether one of its actions has this effect. */
export const hasEffect = ({ actions }: DocumentType, effect: Effect) =>
  Object.values(actions).some((action) => action.effect === effect);

/** Whether a partner's credit can pay it. */
export const takesCredit = (type: DocumentType) => type.owes === 'receivable' && hasEffect(type, 'apply credit');

export const typesThatOwe = (owes: NonNullable<DocumentType['owes']>) => types.filter((type) => type.owes === owes);

/** The types that are billed or invoiced, also in parts. */
export const orderTypes = types.filter(({ billedBy }) => billedBy !== undefined);

/** The types that change what a customer has agreed to: made from an offer, and an offer themselves. */
export const changeTypes = types.filter(({ name, group }) =>
  types.some((other) => {
    const made = Object.values(other.actions).some(({ creates }) => creates === name);
    return group === 'quotes' && other.group === group && other.name !== name && made;
  }),
);

/** The types that bill or invoice orders. */
export const billingTypes = types.filter(({ name }) => orderTypes.some(({ billedBy }) => billedBy === name));

/** The types whose documents, once sent, use up the quantities of one of this type: what bills, invoices or orders it. */
export const takersOf = ({ billedBy, limits }: DocumentType) =>
  types.filter(({ name }) => name === billedBy || limits?.[name] === 'quantities');

/** The states in which one of this type may be made from another: of an order, also once all of it is billed. */
export const statesToMake = (origin: string, made: string): readonly string[] => {
  const { billable, actions } = typeNamed(origin);
  return billable ?? Object.values(actions).find(({ creates }) => creates === made)?.from ?? [];
};

/** The first type, in the order of the lists, that fits. @throws Error if none does. */
function firstType(fits: (type: DocumentType) => unknown): DocumentType {
  const type = types.find(fits);
  if (!type) throw new Error('A document type is missing.');
  return type;
}

// What is offered first where a new document is started: on the desk, and on the pages of a partner and a project.
export const usualQuote = firstType(({ group }) => group === 'quotes');
export const usualInvoice = firstType(({ owes }) => owes === 'receivable');
export const usualVendorOrder = firstType(({ partner, billedBy }) => partner === 'vendor' && billedBy);

/** What gives a customer back what they were charged too much. */
export const usualCreditNote = firstType(({ owes }) => owes === 'credit');

/** What deposits are invoiced by. */
export const depositInvoice = firstType((type) => has(type, 'prepayment'));
