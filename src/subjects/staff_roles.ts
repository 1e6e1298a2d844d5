import type { Role } from '../db/actor.js';

interface RoleText {
  role: Role;
  label: string;
  /** What they may do, under the choice of a role. */
  describes: string;
}

/** The roles of the staff in the order of their rights, as pages and emails name them. */
export const STAFF_ROLES: readonly RoleText[] = [
  { role: 'owner', label: 'Owner', describes: 'Owners can do everything, and hand over the organization.' },
  { role: 'admin', label: 'Admin', describes: 'Admins can do everything but make or change owners.' },
  {
    role: 'manager',
    label: 'Manager',
    describes: 'Managers can send, approve and pay, and invite contacts. They can’t see bank details or settings.',
  },
  {
    role: 'member',
    label: 'Member',
    describes: 'Members can draft and send documents and manage projects. They can’t approve, pay or void.',
  },
  {
    role: 'accountant',
    label: 'Accountant',
    describes: 'Accountants can invoice, approve and pay, and see bank details. They can’t send quotes or orders.',
  },
  { role: 'viewer', label: 'Viewer', describes: 'Viewers can read everything at the desk and write messages.' },
];

/** A role's name. */
export const roleLabel = (role: string): string => STAFF_ROLES.find((one) => one.role === role)?.label ?? role;
