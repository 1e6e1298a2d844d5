import { conversationColumns, jsonRows, partnerName } from '../../conversation/conversation.js';
import { ACCOUNT_COLUMNS } from '../../people/getting_paid/payment_accounts.js';
import { FACTS } from '../content/document.js';

// The SQL of `documentPage`: a document `d`, with what belongs to it (each an `x`) as JSON.

const OF_DOCUMENT = 'x.organization_id = d.organization_id and x.document_id = d.id';

const jsonRow = (select: string) => `(select row_to_json(r) from (${select}) r)`;

const SNAPSHOT = `(select v.snapshot from versions v
  where v.organization_id = d.organization_id and v.document_id = d.id and v.version = d.version)`;

const LINES = jsonRows(
  `select x.id, x.position, x.group_name, x.description, x.quantity::text, x.unit, x.unit_price::text,
    x.discount_percent::text, x.tax_rate::text, x.choice, x.picked, x.refused, x.delivery_on, x.origin_line, x.amount,
    x.taxes
  from lines x where d.version = 0 and ${OF_DOCUMENT}`,
  'r.position',
);

const PROJECT = jsonRow(
  'select key, name from projects where organization_id = d.organization_id and id = d.project_id',
);

const SUBSCRIPTION = jsonRow(
  `select s.number from subscription_periods x
    join subscriptions s on s.organization_id = x.organization_id and s.id = x.subscription_id
  where x.organization_id = d.organization_id and x.document_id = d.id`,
);

const CHARGE = jsonRow(
  `select x.method, x.brand, x.last_four, x.max_amount, x.charge_on, x.attempts, x.state, x.cause
  from scheduled_charges x where ${OF_DOCUMENT}`,
);

const RELATED = jsonRows(
  `select x.id, x.type, x.number, x.title, x.state, x.due_on, x.total, x.currency, ${partnerName('x')} as partner,
    x.id = d.origin_id as is_origin
  from documents x where x.organization_id = d.organization_id and (x.id = d.origin_id or x.origin_id = d.id)
  order by x.id limit 100`,
  'r.is_origin desc, r.id',
);

const VERSIONS = jsonRows(
  `select x.version, x.sha256, x.created_at from versions x where ${OF_DOCUMENT} order by x.version desc limit 50`,
  'r.version desc',
);

const ACCOUNTS = jsonRows(
  `select ${ACCOUNT_COLUMNS.join(', ')} from payment_accounts x
  where x.organization_id = d.organization_id and x.currency = d.currency and x.ended_at is null limit 10`,
  'r.id',
);

const FROM = jsonRow(
  `select name, legal_name, address, tax_number, email, payment_note, footer, ${ACCOUNTS} as accounts
  from organizations where id = d.organization_id`,
);

const TO = jsonRow(
  `select name, address, tax_number, email from partners
  where organization_id = d.organization_id and id = d.partner_id`,
);

const APPLIED = `(select coalesce(-sum(x.amount), 0)::bigint from ledger_entries x
  where x.kind = 'apply' and ${OF_DOCUMENT})`;

const PAYMENTS = jsonRows(
  `select p.id, x.amount, p.method, p.reference, p.paid_on, p.gateway, x.state, p.failure, p.created_at
  from payment_parts x cross join lateral (select * from payments p
    where p.organization_id = x.organization_id and p.id = x.payment_id limit 1) p
  where x.state in ('processing', 'succeeded', 'failed', 'reversed') and ${OF_DOCUMENT}`,
  'r.id',
);

/** What staff who pay are warned of; row security shows it to nobody else. */
const BANK_NOTICES = jsonRows(
  `select x.id, x.action, x.details, x.created_at,
    (select p.name from people p where p.organization_id = x.organization_id and p.id = x.person_id) as actor
  from activities x where x.organization_id = d.organization_id and x.partner_id = d.partner_id
    and x.action in ('change_bank_account', 'remove_bank_account', 'ask_bank_change')
    and x.created_at > app_now() - interval '30 days' order by x.created_at desc limit 5`,
  'r.created_at desc',
);

const PROMISED_BY = `(select p.name from people p
  where p.organization_id = d.organization_id and p.id = d.promised_by)`;

const DISPUTED_BY = `(select p.name from people p
  where p.organization_id = d.organization_id and p.id = d.disputed_by)`;

/** The columns of `DocumentPage`, up to a condition on the document's key. $1: the organization. */
export const PAGE_SELECT = `select d.*, ${FACTS}, ${SNAPSHOT} as snapshot, d.deposit_percent::text as deposit_percent,
  ${LINES} as lines, ${PROJECT} as project, ${SUBSCRIPTION} as subscription, ${CHARGE} as charge,
  ${RELATED} as related, ${VERSIONS} as versions,
  ${FROM} as from_party, ${TO} as to_party, ${PAYMENTS} as payments, ${APPLIED} as applied,
  ${PROMISED_BY} as promised_by_name, ${DISPUTED_BY} as disputed_by_name, ${BANK_NOTICES} as bank_notices, ${conversationColumns('d.version')}
  from documents d where d.organization_id = $1 and `;
