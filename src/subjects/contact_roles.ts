import type { Role } from '../db/scope.js';

/** A role of a partner's contact. What each may do stands in permissions.ts. */
export type ContactRole = Extract<Role, 'manager' | 'member' | 'accountant' | 'viewer'>;

interface ContactRoleRule {
  name: ContactRole;
  label: string;
  /** What one can do in it, in one line. */
  explains: string;
}

/** The roles of contacts, from the most rights to the fewest. */
export const CONTACT_ROLES: readonly ContactRoleRule[] = [
  { name: 'manager', label: 'Manager', explains: 'Answers, signs and pays; invites colleagues' },
  { name: 'member', label: 'Member', explains: 'Answers, signs and pays' },
  { name: 'accountant', label: 'Accountant', explains: 'Pays and sends bills' },
  { name: 'viewer', label: 'Viewer', explains: 'Reads and writes messages' },
];

/** A contact's role in words; English. */
export const contactRoleLabel = (role: string): string =>
  CONTACT_ROLES.find(({ name }) => name === role)?.label ?? 'Member';
