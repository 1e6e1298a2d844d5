import { bill } from './bill.js';
import { changeOrder } from './change_order.js';
import { creditNote } from './credit_note.js';
import { estimate } from './estimate.js';
import { invoice } from './invoice.js';
import { proposal } from './proposal.js';
import { purchaseOrder } from './purchase_order.js';
import { requestForProposal } from './request_for_proposal.js';
import { retainerInvoice } from './retainer_invoice.js';
import { salesOrder } from './sales_order.js';
import type { Action, DocumentType, Facts } from './shared/type.js';
import { workOrder } from './work_order.js';

export type {
  Action,
  ContentChange,
  DocumentType,
  Effect,
  Facts,
  Feature,
  NextStep,
  StateLabel,
  Question,
  Side,
  Tab,
  Tone,
} from './shared/type.js';

/** Every type of document there is, in the order of their lists. A new type is a file and a line here. */
export const types: DocumentType[] = [
  estimate,
  changeOrder,
  salesOrder,
  invoice,
  retainerInvoice,
  creditNote,
  requestForProposal,
  proposal,
  purchaseOrder,
  workOrder,
  bill,
];

/** @throws Error if there is no such type: names of types come from the database, never from outside. */
export function typeNamed(name: string): DocumentType {
  const type = types.find((type) => type.name === name);
  if (!type) throw new Error(`There is no document type "${name}".`);
  return type;
}

/** Whether the one who does it signs. */
export const isSigned = ({ signs }: Action, { signature_required }: Pick<Facts, 'signature_required'>) =>
  signs === 'always' || (signs === 'if required' && signature_required);

/** What an action needs to be known of the one who does it. */
export const assuranceFor = (action: Action, side: string, facts: Pick<Facts, 'signature_required'>) =>
  isSigned(action, facts) ? 'verified' : (action.needs ?? (side === 'staff' ? 'verified' : 'link'));

/** Whether a type has something: a field of its draft, a feature of its page. */
export const has = ({ features }: DocumentType, feature: DocumentType['features'][number]) =>
  features.includes(feature);
