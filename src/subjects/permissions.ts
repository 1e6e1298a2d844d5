import type { Action, LimitKind, Module, Permission } from '../document_types/shared/lifecycle.js';
import type { Actor, Role } from '../db/scope.js';
import { moduleNamed } from './modules.js';

/** What may be permitted, in the order of the table on the page of roles; `explains`: its second line. */
interface PermissionRule {
  name: Permission;
  label: string;
  explains: string;
  roles: readonly Role[];
}

const ALL: readonly Role[] = ['owner', 'admin', 'manager', 'member', 'accountant', 'viewer'];
const DESK: readonly Role[] = ['owner', 'admin', 'manager', 'member'];
const MONEY: readonly Role[] = ['owner', 'admin', 'manager', 'accountant'];

/** What each role of the staff may do: everything that `may` asks, and the page of roles shows. */
export const STAFF_PERMISSIONS: readonly PermissionRule[] = [
  { name: 'message', label: 'Read and write messages', explains: 'Everything at the desk can be read', roles: ALL },
  { name: 'selling', label: 'Draft and send quotes and orders', explains: 'To customers', roles: DESK },
  {
    name: 'invoicing',
    label: 'Draft and send invoices and credit notes',
    explains: 'To customers',
    roles: [...DESK, 'accountant'],
  },
  { name: 'voiding', label: 'Void and write off', explains: 'The reason goes to the other side', roles: MONEY },
  { name: 'buying', label: 'Draft and send requests and orders', explains: 'To vendors', roles: DESK },
  { name: 'approving', label: 'Award bids, approve bills', explains: 'And send bills back', roles: MONEY },
  {
    name: 'paying',
    label: 'Record, schedule and reverse payments',
    explains: 'Refunds and credits, too',
    roles: MONEY,
  },
  { name: 'planning', label: 'Manage projects', explains: 'And who takes part', roles: DESK },
  {
    name: 'sharing',
    label: 'Share files with partners',
    explains: 'And remove their own',
    roles: [...DESK, 'accountant'],
  },
  { name: 'partners', label: 'Manage partners and contacts', explains: 'And mail that waits', roles: DESK },
  {
    name: 'inviting',
    label: 'Invite contacts, take their access away',
    explains: 'And set what they may use',
    roles: ['owner', 'admin', 'manager'],
  },
  {
    name: 'bank_details',
    label: 'See bank details',
    explains: 'Of vendors; every view is logged',
    roles: ['owner', 'admin', 'accountant'],
  },
  {
    name: 'taxes',
    label: 'Set taxes',
    explains: 'Their rates, and what new customers pay',
    roles: ['owner', 'admin', 'accountant'],
  },
  {
    name: 'administration',
    label: 'Manage members and settings',
    explains: 'Mail delivery and the security log, too',
    roles: ['owner', 'admin'],
  },
  { name: 'ownership', label: 'Hand over the organization', explains: 'And make owners', roles: ['owner'] },
];

/** What each role of a partner's contacts may do. */
export const CONTACT_PERMISSIONS: readonly PermissionRule[] = [
  { name: 'message', label: 'Read, write messages, forward', explains: '', roles: ALL },
  { name: 'answering', label: 'Accept, sign, decline, submit', explains: '', roles: ['manager', 'member'] },
  { name: 'billing', label: 'Send bills', explains: '', roles: ['manager', 'member', 'accountant'] },
  { name: 'paying', label: 'Pay', explains: '', roles: ['manager', 'member', 'accountant'] },
  { name: 'sharing', label: 'Share files', explains: '', roles: ['manager', 'member', 'accountant'] },
  { name: 'profile', label: 'Edit the company profile', explains: '', roles: ['manager'] },
  { name: 'bank_details', label: 'Edit bank details', explains: '', roles: ['manager', 'accountant'] },
  { name: 'inviting', label: 'Invite colleagues, set what they may use', explains: '', roles: ['manager'] },
];

/** Whether somebody's role permits something on their side. The system does what follows from what others may do. */
export function isPermitted({ side, role }: Pick<Actor, 'side' | 'role'>, permission: Permission): boolean {
  if (side === 'system') return true;
  const table = side === 'staff' ? STAFF_PERMISSIONS : CONTACT_PERMISSIONS;
  return role !== null && (table.find(({ name }) => name === permission)?.roles.includes(role) ?? false);
}

/** The roles of the staff that permit something. */
export const staffRolesWith = (permission: Permission): readonly Role[] =>
  STAFF_PERMISSIONS.find(({ name }) => name === permission)?.roles ?? [];

/** What an action on a subject of a module takes; a link that leads on takes the same as the work there. */
export function permissionFor(
  side: 'staff' | 'partner',
  module: Module,
  action: Pick<Action, 'permission'>,
): Permission {
  const { permission = moduleNamed(module).permission } = action;
  return typeof permission === 'string' ? permission : permission[side];
}

/** The limit that counts for an action. */
export const limitOf = ({ limit, freezes, by }: Pick<Action, 'limit' | 'freezes' | 'by'>): LimitKind | null =>
  limit ?? (freezes && by === 'staff' ? 'send' : null);

/** Whether an amount is above somebody's limit. In another currency than the limit's, every amount is. */
export function isBeyondLimit(
  { limits }: Pick<Actor, 'limits'>,
  kind: LimitKind | null,
  { total = 0, currency }: { total?: number | undefined; currency?: string | undefined },
): boolean {
  const limit = kind && limits?.[kind];
  if (!limits || typeof limit !== 'number' || total === 0) return false;
  return currency !== limits.currency || total > limit;
}

/** What a role of the staff may do and another may not. */
export const lostPermissions = (before: Role, after: Role): readonly PermissionRule[] =>
  STAFF_PERMISSIONS.filter(({ roles }) => roles.includes(before) && !roles.includes(after));
