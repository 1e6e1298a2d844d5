import { MODULES, modulesOf } from '../../subjects/modules.js';
import { CONTACT_ROLES } from '../../subjects/contact_roles.js';
import { Invalid } from '../../errors.js';
import type { Badge, ButtonLink, Choice, Danger, Link } from '../../pages/views/components.js';
import type { Translate } from '../../pages/i18n.js';
import { defineView } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import type { Access } from '../../people/invitations/access.js';
import type { Errors } from '../shared/form.js';

/** What somebody may use, as a form: of one contact, of several who are invited, or of a new colleague. */
interface AccessInput {
  title: string;
  back: Link;
  text: string | null;
  links?: ButtonLink[];
  badge: Badge | null;
  action: string;
  cancel: string;
  errors: Errors;
  /** Of a new colleague, as typed. */
  person: { name: string; email: string } | null;
  /** Who can be invited; empty: nobody is chosen here. */
  contacts: { id: string; name: string; email: string; ticked: boolean }[];
  role: string;
  roles: Choice[];
  modules: ModuleBox[];
  /** The inviter's own words; null: they aren't asked for. */
  message: string | null;
  button: string;
  /** Further forms, of one button each. */
  acts: { action: string; label: string }[];
  danger: Danger | null;
}

interface ModuleBox {
  name: string;
  label: string;
  describes: string;
  ticked: boolean;
}

export const accessView = defineView<AccessInput>('colleagues/access');

/** The roles as choices, each with what it does. */
const roleChoices = (t: Translate): Choice[] =>
  CONTACT_ROLES.map(({ name, label, explains }) => ({ value: name, label: t(label), hint: t(explains) }));

/** What can be given, and by whom. */
export interface Given {
  partner: Parameters<typeof modulesOf>[0];
  /** The modules that the portal shows; null: all. */
  shown: readonly string[] | null;
  /** Those that the giver has; null: all. */
  own: readonly string[] | null;
}

/** The modules that can be given, with those ticked that a contact has. */
const moduleBoxes = ({ partner, shown, own }: Given, has: (name: string) => boolean, t: Translate): ModuleBox[] =>
  modulesOf(partner, shown)
    .filter(({ name }) => !own || own.includes(name))
    .map(({ name, label, describes }) => ({ name, label: t(label), describes: t(describes), ticked: has(name) }));

/** The role and modules that were chosen. @throws Invalid */
export function readAccess(body: unknown): Access {
  const typed = submittedText(body);
  const role = CONTACT_ROLES.find(({ name }) => name === typed['role'])?.name;
  if (!role) throw new Invalid({ role: 'Choose a role.' });
  return { role, modules: MODULES.map(({ name }) => name).filter((name) => typed[`module_${name}`] === 'on') };
}

/** What a form has ticked or chosen: as it was typed, if it was sent, or else as it is. */
function chosenIn(body: unknown, role: string, has: (name: string) => boolean) {
  const typed = submittedText(body);
  if (!('role' in typed) && !Object.keys(typed).length) return { role, has };
  return { role: typed['role'] ?? '', has: (name: string) => typed[`module_${name}`] === 'on' };
}

/** The form's own part: role and modules as they were typed, or else as they are. Nobody is named or chosen in it. */
export function accessForm(
  body: unknown,
  given: Given,
  now: { role: string; has: (name: string) => boolean },
  t: Translate,
): Pick<AccessInput, 'role' | 'roles' | 'modules' | 'person' | 'contacts' | 'message' | 'acts' | 'danger' | 'badge'> {
  const { role, has } = chosenIn(body, now.role, now.has);
  return {
    role,
    roles: roleChoices(t),
    modules: moduleBoxes(given, has, t),
    person: null,
    contacts: [],
    message: null,
    acts: [],
    danger: null,
    badge: null,
  };
}
