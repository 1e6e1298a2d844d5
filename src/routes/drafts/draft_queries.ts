import type { Actor, Query } from '../../db/scope.js';
import { isId } from '../../db/ids.js';
import type { DocumentType } from '../../document_types/index.js';
import { type DocumentPage, documentPage } from '../../documents/queries/page.js';
import { type DefaultTaxes, defaultTaxes, defaultTaxesOf } from '../../documents/taxes/partner_taxes.js';
import { type TaxRate, taxRates } from '../../documents/taxes/tax_rates.js';
import { type ProjectChoice, projectChoices } from '../../projects/project.js';
import { type Numbering, numberingsOf } from '../../documents/numbering/numbering.js';

/** A person who may get the document. */
export interface Recipient {
  id: string;
  name: string;
  email: string;
  locale: string;
  time_zone: string;
  /** The partner they belong to, and its name. */
  partner_id: string;
  partner: string;
  /** The last email to them bounced. */
  bounced: boolean;
  /** Something was forwarded to them: they get nothing unless staff choose them. */
  guest: boolean;
}

/** The page of a draft, or of a document to revise, with the contacts of its partner. */
export interface DraftPage extends DocumentPage {
  contacts: Recipient[];
  projects: ProjectChoice[];
  tax_rates: TaxRate[];
  default_taxes: DefaultTaxes;
  /** For staff: the items of the catalog that its lines are of, by the lines' ids. */
  items: Record<string, string>;
  /** For staff: how documents are numbered, where that isn't as usual. */
  numberings: Numbering[];
}

interface ItemLine {
  line_id: string;
  item_id: string;
}

const RECIPIENT = `p.id, p.name, p.email, p.locale, p.time_zone, p.partner_id, a.name as partner,
  p.bounced_at is not null as bounced, p.guest`;
const CONTACTS = `select ${RECIPIENT} from people p
  join partners a on a.organization_id = p.organization_id and a.id = p.partner_id
  where p.organization_id = $1 and p.removed_at is null and p.partner_id =`;

const MAX_PROJECTS = 200;
const MAX_VENDORS = 500;

/** SQL: the contacts of vendors, by the vendors' names; no more vendors are read than are shown. */
const vendorContacts = (condition: string) => `select ${RECIPIENT}
  from (select * from partners where organization_id = $1 and is_vendor and archived_at is null and ${condition}
    order by name_key, id limit ${MAX_VENDORS}) a
  cross join lateral (
    select * from people p where p.organization_id = $1 and p.partner_id = a.id and p.removed_at is null
    order by p.id limit 100) p
  order by a.name_key, a.id, p.id limit ${MAX_VENDORS}`;

type DraftPageQueries = [
  Query<DocumentPage>,
  Query<Recipient>,
  Query<ProjectChoice>,
  Query<TaxRate>,
  Query<DefaultTaxes>,
  Query<ItemLine>,
  ReturnType<typeof numberingsOf>,
];

/** The page of the document and its partner's contacts. `key` is the number or the id. */
export function draftPage(actor: Actor, key: string): DraftPageQueries {
  const column = isId(key) ? 'id' : 'number';
  const partner = `(select partner_id from documents where organization_id = $1 and ${column} = $2)`;
  const text = `(${CONTACTS} ${partner} order by p.id limit 500) union all (${vendorContacts(`${partner} is null`)})`;
  return [
    documentPage(actor, key),
    { name: `draft_contacts_by_${column}`, text, values: [actor.organization_id, key] },
    projectChoices(actor, MAX_PROJECTS),
    taxRates(actor),
    defaultTaxesOf(actor, key),
    {
      name: `draft_items_by_${column}`,
      text: `select i.line_id, i.item_id from item_lines i where i.organization_id = $1
        and i.document_id = (select id from documents where organization_id = $1 and ${column} = $2)`,
      values: [actor.organization_id, key],
    },
    numberingsOf(actor),
  ];
}

/** What a new document for a partner starts from. Rates are decimal strings in percent. */
export interface NewPage {
  /** Its id is null for a document that goes to many. */
  partner: { id: string | null; name: string; currency: string; terms_days: number };
  projects: ProjectChoice[];
  contacts: Recipient[];
  tax_rates: TaxRate[];
  default_taxes: DefaultTaxes;
  /** The type's default text, and the rest from the partner's last document of the type. */
  last: {
    terms: string | null;
    note: string | null;
    partial_payments: boolean;
    card_allowed: boolean;
    bank_debit_allowed: boolean;
    tax_rate: string | null;
    people: string[];
  } | null;
}

type NewPageQueries = [
  Query<NewPage['partner']>,
  Query<Recipient>,
  Query<NonNullable<NewPage['last']>>,
  Query<ProjectChoice>,
  Query<TaxRate>,
  Query<DefaultTaxes>,
];

/** The queries for a `NewPage`. */
export function newPage(actor: Actor, type: DocumentType, partner_id: string | null): NewPageQueries {
  const { organization_id } = actor;
  return [
    ...addressee(organization_id, type, partner_id),
    {
      name: partner_id ? 'new_last' : 'new_last_to_many',
      text: lastDocument(partner_id !== null),
      values: [organization_id, type.name, ...(partner_id ? [partner_id] : [])],
    },
    projectChoices(actor, MAX_PROJECTS),
    taxRates(actor),
    defaultTaxes(actor, partner_id, type.partner),
  ];
}

/** Who a new document is for, and their contacts. */
function addressee(
  organization_id: string | null,
  { partner: kind }: DocumentType,
  partner_id: string | null,
): [Query<NewPage['partner']>, Query<Recipient>] {
  if (!partner_id) {
    const text = `select null as id, '' as name, currency, 30 as terms_days from organizations where id = $1`;
    const values = [organization_id];
    return [
      { name: 'new_many', text, values },
      { name: 'new_contacts_of_many', text: vendorContacts('true'), values },
    ];
  }
  const values = [organization_id, partner_id];
  return [
    {
      name: `new_${kind}`,
      text: `select id, name, currency, terms_days from partners where organization_id = $1 and id = $2 and is_${kind}`,
      values,
    },
    { name: 'new_contacts', text: `${CONTACTS} $2 order by p.id limit 200`, values },
  ];
}

/** With or without a partner as $3. The first `from` makes sure of a row where there is no document yet. */
const lastDocument = (
  toOne: boolean,
) => `select f.terms, f.note, coalesce(d.partial_payments, false) as partial_payments,
    coalesce(d.card_allowed, true) as card_allowed, coalesce(d.bank_debit_allowed, true) as bank_debit_allowed,
    (select l.tax_rate::text from lines l where l.organization_id = d.organization_id and l.document_id = d.id order by l.position desc limit 1) as tax_rate,
    array(select x.person_id from participants x where x.organization_id = d.organization_id and x.subject_id = d.id) as people
  from (select 1) one
  left join lateral (
    select * from documents where organization_id = $1 and type = $2 ${toOne ? 'and partner_id = $3' : ''}
    order by id desc limit 1) d on true
  left join type_defaults f on f.organization_id = $1 and f.type = $2`;
