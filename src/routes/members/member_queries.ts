import type { Actor, Query } from '../../db/scope.js';
import type { Member } from '../../people/members/member_change.js';

/** A member of the staff, as the list of members and their own page show them. */
export interface ListedMember extends Member {
  title: string;
  photo_sha256: string | null;
  /** When they last signed in. */
  signed_in_at: Date | null;
  /** The one that waits to be taken. */
  invitation: { sent_at: string; expires_at: string } | null;
  /** Present or to come. Days as ISO 8601. */
  absence: Absence | null;
}

interface Absence {
  from_on: string;
  until_on: string;
  deputy_id: string;
  deputy: string;
  with_limits: boolean;
}

const INVITATION = `(select row_to_json(i) from (
  select sent_at, expires_at from invitations x
  where x.organization_id = $1 and x.person_id = p.id and x.accepted_at is null and x.revoked_at is null
  order by x.id desc limit 1) i)`;

const ABSENCE = `(select row_to_json(b) from (
  select x.from_on, x.until_on, x.deputy_id, x.with_limits, d.name as deputy from absences x
  join people d on d.organization_id = $1 and d.id = x.deputy_id
  where x.organization_id = $1 and x.person_id = p.id and x.ended_at is null limit 1) b)`;

/** So many are listed. */
const MOST = 500;

/** The staff, in the order in which they came, and those who are invited. */
export const memberList = ({ organization_id }: Actor): Query<ListedMember> => ({
  name: 'members',
  text: `select p.id, p.name, p.email, p.title, p.role, p.pending, p.send_limit, p.approve_limit,
      p.photo_sha256,
      (select e.created_at from security_events e
        where e.organization_id = $1 and e.person_id = p.id and e.action = 'signed_in'
        order by e.id desc limit 1) as signed_in_at,
      ${INVITATION} as invitation, ${ABSENCE} as absence
    from people p where p.organization_id = $1 and p.partner_id is null and p.removed_at is null
    order by p.id limit ${MOST}`,
  values: [organization_id],
});
