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

/** All document types, in the order of their lists. A new type is a file and a line here. */
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

/** @throws Error if there is no such type: type names come from the database, never from a request. */
export function typeNamed(name: string): DocumentType {
  const type = types.find((type) => type.name === name);
  if (!type) throw new Error(`There is no document type "${name}".`);
  return type;
}

/** Whether the action's author has to sign. */
export const isSigned = ({ signs }: Pick<Action, 'signs'>, { signature_required }: Pick<Facts, 'signature_required'>) =>
  signs === 'always' || (signs === 'if required' && signature_required);

/** The assurance that an action needs from its author. */
export const assuranceFor = (
  action: Pick<Action, 'signs' | 'needs'>,
  side: string,
  facts: Pick<Facts, 'signature_required'>,
) => (isSigned(action, facts) ? 'verified' : (action.needs ?? (side === 'staff' ? 'verified' : 'link')));

export const has = ({ features }: DocumentType, feature: DocumentType['features'][number]) =>
  features.includes(feature);
