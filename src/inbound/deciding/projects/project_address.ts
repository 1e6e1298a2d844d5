import type { Knex } from 'knex';
import { finds } from '../../../db/planner.js';
import { type PersonRow, queryPrepared } from '../../../db/scope.js';
import { projectKeyIn } from '../../../mail/address.js';

/** The project whose address a message was sent to. */
export interface AddressedProject {
  organization_id: string;
  project_id: string;
  /** It has another address now. */
  ended: boolean;
}

/** The project that an address is of, also if it has another one now; null if it is no project's. */
export async function projectByAddress(
  db: Knex.Transaction,
  recipient: string,
  mail_domain: string,
): Promise<AddressedProject | null> {
  const key = projectKeyIn(recipient, mail_domain);
  if (!key) return null;
  const [, [found]] = await Promise.all([
    queryPrepared(db, `select set_config('app.secrets', $1, true)`, [`{${key}}`]),
    queryPrepared<AddressedProject>(db, ADDRESSED, [key]),
  ]);
  return found ?? null;
}

const ADDRESSED = `select organization_id, project_id, ended_at is not null as ended from project_addresses where key = $1`;

/** Somebody who is on a project, with the side whose mail theirs is, and what their words and days go by. */
export interface Sender {
  person: PersonRow;
  part: 'staff' | 'partner' | 'vendor';
  locale: string;
  time_zone: string;
}

const PARTICIPATES = finds(`participants x
  where x.organization_id = j.organization_id and x.subject_id = j.id and x.person_id = p.id`);
const WORKS = finds(`tasks t
  where t.organization_id = j.organization_id and t.vendor_id = p.partner_id and t.project_id = j.id`);

// Who has several parts has the first of them. A vendor has a part while it has a task in the project.
const SENDER = `select row_to_json(p) as person, o.locale, o.time_zone,
    case when p.partner_id is null then 'staff' when p.partner_id = j.partner_id then 'partner' else 'vendor' end as part
  from projects j
  join organizations o on o.id = j.organization_id
  cross join lateral (
    select p.* from people p where p.organization_id = j.organization_id and p.email = $3 and p.removed_at is null
    union
    select p.* from person_addresses a
      join people p on p.organization_id = a.organization_id and p.id = a.person_id and p.removed_at is null
      where a.organization_id = j.organization_id and a.email = $3) p
  where j.organization_id = $1 and j.id = $2 and not p.pending and not p.guest
    and (p.partner_id is null or ${PARTICIPATES}
      or (coalesce('projects' = any (usable_modules(o.modules, p.modules)), true)
        and (p.partner_id = j.partner_id or ${WORKS})))
  order by p.partner_id is not null, p.partner_id is distinct from j.partner_id, p.id limit 1`;

/** Who on the project writes from this address; undefined if nobody does. For the system actor. */
export async function senderOn(
  db: Knex.Transaction,
  { organization_id, project_id }: AddressedProject,
  address: string,
): Promise<Sender | undefined> {
  const [found] = await queryPrepared<Sender>(db, SENDER, [organization_id, project_id, address]);
  return found;
}
