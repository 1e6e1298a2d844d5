import { type DocumentType, has, types } from '../../document_types/index.js';
import { changeTypes, orderTypes, typesThatOwe } from '../../document_types/relations.js';
import { quotedNames } from '../../document_types/type_sql.js';

// What documents `d` are to a project's money, as SQL conditions that follow from their types.

const statesOf = ({ states, stateLabels }: DocumentType, fits: (state: string, tone: string) => boolean) =>
  states.filter((state) => fits(state, stateLabels[state]?.tone ?? ''));

const inStates = (found: readonly DocumentType[], states: (type: DocumentType) => readonly string[]) =>
  found.map((type) => `(d.type = '${type.name}' and d.state in (${quotedNames(states(type))}))`).join(' or ') ||
  'false';

const [quotes, customerOrders, vendorOrders] = [
  types.filter(({ group }) => group === 'quotes'),
  orderTypes.filter(({ partner }) => partner === 'customer'),
  orderTypes.filter(({ partner }) => partner === 'vendor'),
];

const waiting = (type: DocumentType) => statesOf(type, (_, tone) => tone === 'waiting');
const agreed = (type: DocumentType) => type.billable ?? statesOf(type, (_, tone) => tone === 'good');
/** Sent, and still in effect. */
const counted = (type: DocumentType) =>
  type.states.filter((state) => state !== type.states[0] && !type.uncounted?.includes(state));

/** Its states from approval on, in which it can be paid or is. */
function approved({ actions }: DocumentType): string[] {
  const { from = [], to = {} } = actions['record_payment'] ?? {};
  return [...new Set([...from, ...(typeof to === 'object' ? Object.values(to) : [to])])];
}

/** It was made of an accepted estimate: an order like that is a part of it, and counts in it. */
const OF_AGREED = `coalesce((select true from documents o where o.organization_id = d.organization_id
  and o.id = d.origin_id and (${inStates(quotes, agreed).replaceAll('d.', 'o.')}) limit 1), false)`;

/** An offer or order that its customer has not answered yet. */
export const OFFERED = `(${inStates(quotes, waiting)} or (${inStates(customerOrders, waiting)}) and not ${OF_AGREED})`;
/** What a customer has agreed to. */
export const AGREED = `(${inStates(quotes, agreed)} or (${inStates(customerOrders, agreed)}) and not ${OF_AGREED})`;
/** Of these, what changes what was agreed before. */
export const CHANGES = `d.type in (${quotedNames(changeTypes.map(({ name }) => name))})`;
/** An invoice for work that is done, or what credits one. */
export const INVOICED = inStates(
  [...typesThatOwe('receivable').filter((type) => !has(type, 'prepayment')), ...typesThatOwe('credit')],
  counted,
);
export const CREDITS = `d.type in (${quotedNames(typesThatOwe('credit').map(({ name }) => name))})`;
/** What credits an invoice, once it is sent. */
export const CREDITED = inStates(typesThatOwe('credit'), counted);
/** An invoice ahead of the work. */
export const PREPAID = inStates(
  typesThatOwe('receivable').filter((type) => has(type, 'prepayment')),
  counted,
);
export const ORDERED = inStates(vendorOrders, (type) =>
  statesOf(type, (state, tone) => state !== type.states[0] && tone !== 'stopped'),
);
export const BILLED = inStates(typesThatOwe('payable'), counted);
export const APPROVED = inStates(typesThatOwe('payable'), approved);
/** Whatever a budget counts. */
export const IN_EFFECT = [OFFERED, AGREED, INVOICED, ORDERED, BILLED].map((one) => `(${one})`).join(' or ');
