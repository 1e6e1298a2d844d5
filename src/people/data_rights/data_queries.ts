import type { Query } from '../../db/scope.js';
import { ACCOUNT_SECTIONS, SECTIONS } from './archive_sections.js';

/** Somebody whose data is asked about: as one of the people that their user is here. */
export interface DataSubject {
  id: string;
  user_id: string;
  name: string;
  email: string;
  locale: string;
  partner_id: string | null;
  partner: string | null;
  role: string;
  removed_at: Date | null;
  erasure_id: string | null;
  /** When they asked to have their data erased. */
  asked_at: Date | null;
  /** All that their user is in the organization. */
  people: string[];
  photo_sha256: string | null;
}

export const dataSubject = (organization_id: string | null, person_id: string | null): Query<DataSubject> => ({
  name: 'data_subject',
  text: `select p.id, p.user_id, p.name, p.email, p.locale, p.partner_id, n.name as partner, p.role, p.removed_at,
      p.erasure_id, p.photo_sha256, p.erasure_asked_at as asked_at, people_of($1, $2) as people
    from people p
    left join partners n on n.organization_id = p.organization_id and n.id = p.partner_id
    where p.organization_id = $1 and p.id = $2`,
  values: [organization_id, person_id],
});

/** So many of a kind are counted. */
export const MOST_COUNTED = 100;

const counted = SECTIONS.map(
  ({ name, from, by }) => `(select count(*)::integer from (
      select from ${from.replace('{ids}', 'own.ids')} where r.organization_id = $1 and ${by} = any(own.ids) limit ${MOST_COUNTED + 1}) x) as ${name}`,
);

/** How much of each kind there is of somebody, by the section's name; one more than is counted says that there is more. */
export const dataCounts = (
  organization_id: string | null,
  person_id: string | null,
): Query<Record<string, number>> => ({
  name: 'data_counts',
  text: `select ${counted.join(', ')} from (select people_of($1, $2) as ids offset 0) own`,
  values: [organization_id, person_id],
});

/** The addresses that are known of somebody, also of before. */
export const knownAddresses = (organization_id: string | null, person_id: string | null): Query<{ email: string }> => ({
  name: 'known_addresses',
  text: `with own as (select people_of($1, $2) as ids offset 0)
    select p.email from own cross join lateral unnest(own.ids) i (id)
      cross join lateral (select email from people where organization_id = $1 and id = i.id limit 1) p
    union select a.email from own, person_addresses a where a.organization_id = $1 and a.person_id = any(own.ids)
    union select f.email from own, former_addresses f where f.organization_id = $1 and f.person_id = any(own.ids)`,
  values: [organization_id, person_id],
});

const countedOfAccount = ACCOUNT_SECTIONS.map(
  ({ name, from, by }) =>
    `(select count(*)::integer from (select from ${from} where ${by} = $1::uuid limit ${MOST_COUNTED + 1}) x) as ${name}`,
);

/** The same of what belongs to a user, read as that user. */
export const accountCounts = (user_id: string | null): Query<Record<string, number>> => ({
  name: 'account_counts',
  text: `select ${countedOfAccount.join(', ')}`,
  values: [user_id],
});

/** What was done when somebody was erased. */
export interface ErasureReport {
  id: string;
  started_at: Date;
  finished_at: Date | null;
  counts: Readonly<Record<string, number>>;
  account_kept: boolean;
  name_shared: boolean;
  erased_by: string;
}

export const erasureReport = (organization_id: string | null, person_id: string | null): Query<ErasureReport> => ({
  name: 'erasure_report',
  text: `select x.id, x.started_at, x.finished_at, x.counts, x.account_kept, x.name_shared, b.name as erased_by
    from people p
    join erasures x on x.organization_id = p.organization_id and x.id = p.erasure_id
    join people b on b.organization_id = x.organization_id and b.id = x.erased_by
    where p.organization_id = $1 and p.id = $2`,
  values: [organization_id, person_id],
});

/** Whether somebody had this person's data prepared within the last minutes. */
export const preparedArchive = (
  organization_id: string | null,
  actor_id: string | null,
  person_id: string,
): Query<{ id: string }> => ({
  name: 'prepared_archive',
  text: `select id from activities where organization_id = $1 and person_id = $2
      and action in ('download_data', 'download_own_data') and details->>'person_id' = $3
      and created_at > app_now() - interval '10 minutes'
    order by created_at desc limit 1`,
  values: [organization_id, actor_id, person_id],
});

export interface ErasureRequest {
  person_id: string;
  asked_at: Date;
  name: string;
  email: string;
  partner: string | null;
  erased: boolean;
}

/** Who asked last to have their data erased. */
export const erasureRequests = (organization_id: string | null): Query<ErasureRequest> => ({
  name: 'erasure_requests',
  text: `select p.id as person_id, p.erasure_asked_at as asked_at, p.name, p.email, n.name as partner,
      p.erasure_id is not null as erased
    from (
      select * from people where organization_id = $1 and erasure_asked_at is not null
      order by erasure_asked_at desc limit 50) p
    left join partners n on n.organization_id = p.organization_id and n.id = p.partner_id
    order by p.erasure_asked_at desc`,
  values: [organization_id],
});

export interface PastErasure {
  person_id: string;
  partner: string | null;
  started_at: Date;
  finished_at: Date | null;
  erased_by: string;
}

/** The last people who were erased. */
export const pastErasures = (organization_id: string | null): Query<PastErasure> => ({
  name: 'past_erasures',
  text: `select p.id as person_id, n.name as partner, x.started_at, x.finished_at, b.name as erased_by
    from (select * from erasures where organization_id = $1 order by id desc limit 50) x
    join people b on b.organization_id = x.organization_id and b.id = x.erased_by
    cross join lateral (
      select * from people p where p.organization_id = x.organization_id and p.erasure_id = x.id
      order by p.id limit 1) p
    left join partners n on n.organization_id = p.organization_id and n.id = p.partner_id
    order by x.id desc`,
  values: [organization_id],
});

export interface FoundPerson {
  id: string;
  name: string;
  email: string;
  partner: string | null;
  removed_at: Date | null;
}

/** Who has this address, or had it, also if they were removed long ago. */
export const peopleByAddress = (organization_id: string | null, address: string): Query<FoundPerson> => ({
  name: 'people_by_address',
  text: `with found as (
      select p.id from users u join people p on p.user_id = u.id and p.organization_id = $1 where u.email = $2
      union select person_id from person_addresses where organization_id = $1 and email = $2
      union select person_id from former_addresses where organization_id = $1 and email = $2)
    select p.id, p.name, p.email, n.name as partner, p.removed_at
    from found join people p on p.organization_id = $1 and p.id = found.id
    left join partners n on n.organization_id = p.organization_id and n.id = p.partner_id
    order by p.id limit 20`,
  values: [organization_id, address],
});
