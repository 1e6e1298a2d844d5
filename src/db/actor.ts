export type Side = 'staff' | 'partner' | 'system';

/** A person's role on their side; contacts are no owners or admins. What each may do: subjects/permissions.ts. */
export type Role = 'owner' | 'admin' | 'manager' | 'member' | 'accountant' | 'viewer';

/** Up to which totals somebody may send, and approve: minor units of `currency`. Null: any. */
export interface Limits {
  /** The organization's; null where it isn't known, so that nothing is within them. */
  currency: string | null;
  send: number | null;
  approve: number | null;
}

/**
 * Who something is done by. The `system` side stands for all that no person does: schedules, gateways, arriving mail;
 * `person_id` is then the person it acts for, if there is one. `organization_id` is null only until a message's
 * organization is found. Assurance `link`: came by a magic link, which opens `subject_ids` and nothing else;
 * `verified`: proved that the mailbox is theirs.
 */
export interface Actor {
  organization_id: string | null;
  side: Side;
  person_id: string | null;
  user_id: string | null;
  partner_id: string | null;
  /** Null for the system. */
  role: Role | null;
  name: string | null;
  email: string | null;
  locale: string;
  time_zone: string;
  /** Its organization's, whose day counts for both sides; left out: `time_zone` is that, as the system's. */
  organization_zone?: string | undefined;
  assurance: 'link' | 'verified';
  subject_ids: string[] | null;
  /** Above this amount the organization asks for a code before anything is decided; left out: a link is enough. */
  code_above?: CodeAbove | null | undefined;
  /** Got a document forwarded: may read it and comment on it, nothing else. */
  guest?: boolean;
  /** The kinds of subject in the modules that a contact may use; null or left out: all. */
  kinds?: string[] | null;
  /** Besides those of `kinds`: the ids of the subjects that they take part in. */
  shared?: string[] | null;
  /** Of a member of the staff; null or left out: none. */
  limits?: Limits | null;
  /** Another time than now: the demo plays its past, tests look ahead. */
  now?: Date;
}

/** An amount in minor units of its currency. Amounts in other currencies count as above it. */
export interface CodeAbove {
  amount: number;
  currency: string;
}

/** The system acting in an organization, for one of its people if given. `now`: see `Actor`. */
export const systemActor = (organization_id: string | null, person_id: string | null = null, now?: Date): Actor => ({
  ...(now ? { now } : {}),
  organization_id,
  side: 'system',
  person_id,
  user_id: null,
  partner_id: null,
  role: null,
  name: null,
  email: null,
  locale: 'en-US',
  time_zone: 'UTC',
  assurance: 'verified',
  subject_ids: null,
});

/** The columns of a person's row that make them an actor. */
export interface PersonRow {
  organization_id: string;
  id: string;
  user_id: string;
  partner_id: string | null;
  role: Role;
  name: string;
  email: string;
  locale: string;
  time_zone: string;
  organization_zone?: string;
  code_above?: CodeAbove | null;
  guest?: boolean;
  send_limit?: number | null;
  approve_limit?: number | null;
  /** The organization's, in which its limits are. */
  organization_currency?: string;
}

/** A person acting themselves. `subject_ids`: those of the link, or of the email replied to, that they came by. */
export const asPerson = ({ id, ...person }: PersonRow, subject_ids: string[] | null): Actor => ({
  organization_id: person.organization_id,
  side: person.partner_id ? 'partner' : 'staff',
  person_id: id,
  user_id: person.user_id,
  partner_id: person.partner_id,
  role: person.role,
  name: person.name,
  email: person.email,
  locale: person.locale,
  time_zone: person.time_zone,
  organization_zone: person.organization_zone,
  assurance: subject_ids ? 'link' : 'verified',
  subject_ids,
  code_above: person.code_above,
  guest: person.guest === true,
  limits: limitsOf(person),
});

function limitsOf({ send_limit: send = null, approve_limit: approve = null, ...person }: Limited): Limits | null {
  const { organization_currency: currency = null } = person;
  return send === null && approve === null ? null : { currency, send, approve };
}

type Limited = Pick<PersonRow, 'send_limit' | 'approve_limit' | 'organization_currency'>;
