import { bill } from './purchasing/bill.js';
import { proposal } from './purchasing/proposal.js';
import { purchaseOrder } from './purchasing/purchase_order.js';
import { requestForProposal } from './purchasing/request_for_proposal.js';
import { workOrder } from './purchasing/work_order.js';
import { changeOrder } from './sales/change_order.js';
import { creditNote } from './sales/credit_note.js';
import { estimate } from './sales/estimate.js';
import { invoice } from './sales/invoice.js';
import { retainerInvoice } from './sales/retainer_invoice.js';
import { salesOrder } from './sales/sales_order.js';
import type { Action, Facts } from './shared/lifecycle.js';
import type { DocumentType } from './shared/type.js';

export type { Action, Facts, FormPage, Lifecycle, Side, StateLabel, SubjectAction, Tone } from './shared/lifecycle.js';
export type { ContentChange, DocumentType, Effect, Feature, Group, NextStep, Tab } from './shared/type.js';

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
