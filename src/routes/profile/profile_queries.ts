import type { Actor, Query } from '../../db/scope.js';
import type { BankAccount } from '../../people/banking/bank_accounts.js';
import type { FileKind } from '../../people/partner_profile/partner_files.js';
import type { PartnerAddress, PartnerTaxId, ProfileDetails } from '../../people/partner_profile/profile_details.js';

/** A partner, as its profile begins. */
export interface ProfilePartner {
  id: string;
  name: string;
  address: string;
  tax_number: string;
  currency: string;
}

/** Who entered something, and which contact has confirmed it since; null: nobody. */
interface Origin {
  entered_by: string;
  /** By staff. */
  by_staff: boolean;
  entered_at: Date;
  confirmed_by: string | null;
  confirmed_at: Date | null;
}

export type BusinessRow = Omit<ProfileDetails, 'addresses' | 'tax_ids'> & Origin;

export type AccountRow = BankAccount & Origin;

export interface PartnerFileRow {
  id: string;
  kind: FileKind;
  note: string;
  valid_until: string | null;
  name: string;
  size: number;
  created_at: Date;
  added_by: string;
  replaced_at: Date | null;
}

const personOf = (column: string) =>
  `(select p.name from people p where p.organization_id = x.organization_id and p.id = x.${column})`;

const origin = (by: string, at: string) => `${personOf(by)} as entered_by, x.${at} as entered_at,
  (select p.partner_id is null from people p where p.organization_id = x.organization_id and p.id = x.${by}) as by_staff,
  ${personOf('confirmed_by')} as confirmed_by, x.confirmed_at`;

const OWN = 'x.organization_id = $1 and x.partner_id = $2';

type ProfileQueries = [
  Query<ProfilePartner>,
  Query<BusinessRow>,
  addresses: Query<PartnerAddress>,
  tax_ids: Query<PartnerTaxId>,
  Query<AccountRow>,
  Query<PartnerFileRow>,
];

/** All of a partner's profile that its reader may see, in one round trip. */
export function profileQueries({ organization_id }: Actor, partner_id: string): ProfileQueries {
  const values = [organization_id, partner_id];
  return [
    {
      name: 'profile_partner',
      text: 'select id, name, address, tax_number, currency from partners where organization_id = $1 and id = $2',
      values,
    },
    {
      name: 'profile_business',
      text: `select x.legal_name, x.trading_name, x.phone, x.website, x.registration_number,
        ${origin('edited_by', 'edited_at')} from partner_profiles x where ${OWN}`,
      values,
    },
    {
      name: 'profile_addresses',
      text: `select x.kind, x.lines, x.city, x.region, x.postal_code, x.country from partner_addresses x
        where ${OWN} order by x.position limit 20`,
      values,
    },
    {
      name: 'profile_tax_ids',
      text: `select x.kind, x.entered, x.normalized from partner_tax_ids x where ${OWN} order by x.position limit 20`,
      values,
    },
    accountsQuery(values),
    {
      name: 'profile_files',
      text: `select x.id, x.kind, x.note, x.valid_until, x.name, x.size, x.created_at, x.replaced_at,
        ${personOf('added_by')} as added_by from partner_files x where ${OWN} order by x.id desc limit 100`,
      values,
    },
  ];
}

const accountsQuery = (values: unknown[]): Query<AccountRow> => ({
  name: 'profile_accounts',
  text: `select x.id, x.currency, x.kind, x.holder, x.holder_type, x.bank_name, x.country, x.last_four,
    ${origin('entered_by', 'created_at')} from bank_accounts x
    where ${OWN} and x.ended_at is null order by x.currency limit 50`,
  values,
});

/** Since when somebody may see the numbers of an account: they asked for it so many minutes ago at most. */
const SHOWN_MINUTES = 5;

/** The sealed numbers of an account, if this person had them shown just now. As the system. */
export const shownNumbers = (
  { organization_id, person_id }: Actor,
  partner_id: string,
  account_id: string,
): Query<{ sealed: Buffer }> => ({
  name: 'shown_bank_numbers',
  text: `select n.sealed from (
      select from activities a where a.organization_id = $1 and a.person_id = $2 and a.partner_id = $3
        and a.action = 'show_bank_account' and a.details->>'account' = $4::text
        and a.created_at > app_now() - interval '${SHOWN_MINUTES} minutes' limit 1) shown
    join bank_account_numbers n on n.organization_id = $1 and n.account_id = $4::uuid`,
  values: [organization_id, person_id, partner_id, account_id],
});

/** The stored bytes of a document of a partner's profile. */
export const partnerFile = (
  { organization_id }: Actor,
  partner_id: string,
  id: string,
): Query<{ sha256: string; name: string; content_type: string }> => ({
  name: 'partner_file',
  text: `select x.sha256, x.name, x.content_type from partner_files x where ${OWN} and x.id = $3`,
  values: [organization_id, partner_id, id],
});
