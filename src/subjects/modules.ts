import type { Module, Permission } from '../document_types/shared/lifecycle.js';
import { LIFECYCLES } from './lifecycles.js';

/** A part of the portal, as its users know it, and what working on it takes: on staff's side, and on a partner's. */
interface ModuleRule {
  name: Module;
  label: string;
  /** What one can do there. */
  describes: string;
  /** The kind of partner that has it. */
  partner: 'customer' | 'vendor' | 'both';
  permission: Readonly<Record<'staff' | 'partner', Permission>>;
}

export const MODULES: readonly ModuleRule[] = [
  {
    name: 'projects',
    label: 'Projects',
    describes: 'Follow progress, dates and people',
    partner: 'both',
    permission: { staff: 'planning', partner: 'answering' },
  },
  {
    name: 'quotes',
    label: 'Quotes',
    describes: 'Choose options, accept and sign',
    partner: 'customer',
    permission: { staff: 'selling', partner: 'answering' },
  },
  {
    name: 'orders',
    label: 'Orders',
    describes: 'See what’s agreed and delivered',
    partner: 'customer',
    permission: { staff: 'selling', partner: 'answering' },
  },
  {
    name: 'invoices',
    label: 'Invoices',
    describes: 'Pay in full or in part, see receipts',
    partner: 'customer',
    permission: { staff: 'invoicing', partner: 'paying' },
  },
  {
    name: 'requests',
    label: 'Requests for proposal',
    describes: 'Price items and submit proposals',
    partner: 'vendor',
    permission: { staff: 'buying', partner: 'answering' },
  },
  {
    name: 'purchase_orders',
    label: 'Purchase orders',
    describes: 'Acknowledge orders, propose changes',
    partner: 'vendor',
    permission: { staff: 'buying', partner: 'answering' },
  },
  {
    name: 'bills',
    label: 'Bills',
    describes: 'Send bills, see when they are paid',
    partner: 'vendor',
    permission: { staff: 'buying', partner: 'billing' },
  },
  {
    name: 'files',
    label: 'Files',
    describes: 'Share files beside documents',
    partner: 'both',
    permission: { staff: 'sharing', partner: 'sharing' },
  },
];

/** The rule of a module. */
export function moduleNamed(name: Module): ModuleRule {
  const rule = MODULES.find((module) => module.name === name);
  if (!rule) throw new Error(`There is no module "${name}".`);
  return rule;
}

/** The kinds of subject in these modules; null, which is all of them, stays null. */
export const kindsOf = (modules: readonly string[] | null): string[] | null =>
  modules && LIFECYCLES.filter(({ module }) => modules.includes(module)).map(({ name }) => name);

/** The modules that the contacts of a partner can have: those of its kind, as far as the portal shows them. */
export const modulesOf = (
  partner: Readonly<Record<'is_customer' | 'is_vendor', boolean>>,
  shown: readonly string[] | null,
): ModuleRule[] =>
  MODULES.filter(
    ({ name, partner: kind }) => (kind === 'both' || partner[`is_${kind}`]) && (!shown || shown.includes(name)),
  );
