import type { Actor, Query } from '../../db/scope.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import {
  awaitedFromPartner,
  type OwedDocument,
  owedByPartner,
  owedToPartner,
} from '../../documents/queries/waiting.js';
import { typesThatOwe } from '../../document_types/relations.js';
import { today } from '../../pages/days.js';
import { type AccountPart, accountParts } from '../../payments/ledger/account_parts.js';
import { type Balance, balancesOf } from '../../payments/ledger/balances.js';
import { type AccountTerms, type Colleague, colleaguesOf } from './account_details.js';
import { lastPayment, type ListedPayment } from '../payments/payment_queries.js';
import { FEW } from '../shared_files/files_view.js';
import { type HomeTask, tasksOf } from '../projects/tasks/home_tasks.js';
import { sharedFileList, type SharedFileRow } from '../shared_files/folder_queries.js';

/** An activity in a feed, with the subject it is about (`type`: its kind) and the person who did it. */
export interface FeedRow {
  id: string;
  action: string;
  details: Record<string, unknown>;
  created_at: Date;
  subject_id: string | null;
  type: string | null;
  number: string | null;
  currency: string | null;
  actor: string | null;
  to: string | null;
}

/** The columns of `FeedRow`. Row security leaves out a subject that the reader may not see. */
export const FEED = `a.id, a.action, a.created_at,
    shown_details(a.organization_id, app_partner(), a.subject_id, s.kind, a.action, a.details) as details, s.id as subject_id, s.kind as type, s.number,
    (select d.currency from documents d where d.organization_id = a.organization_id and d.id = a.subject_id) as currency,
    shown_author(a.organization_id, app_partner(), a.subject_id, s.kind, a.action, a.person_id,
      (select w.name from people w where w.organization_id = a.organization_id and w.id = a.person_id)) as actor,
    case when app_side() in ('staff', 'guest') then
      (select c.name from partners c where c.organization_id = a.organization_id and c.id = a.partner_id) end as to
  from activities a
  left join subjects s on s.organization_id = a.organization_id and s.id = a.subject_id`;

export type PartnerHome = [
  open: Query<OwedDocument>,
  awaited: Query<ListedDocument>,
  balances: Query<Balance>,
  latest: Query<FeedRow>,
  organization: Query<{ name: string; address: string; online: boolean } & AccountTerms>,
  people: Query<{ id: string; name: string; email: string; photo_sha256: string | null }>,
  parts: Query<AccountPart>,
  last: Query<ListedPayment>,
  colleagues: Query<Colleague>,
  to_come: Query<ListedDocument>,
  last_to_them: Query<ListedPayment>,
  shared: Query<SharedFileRow>,
  tasks: Query<HomeTask>,
];

/**
 * A partner's first page, in one round trip: what is to be paid (the most urgent first), what waits for them, the
 * balance per currency, recent activity, the organization, those of its staff who take part in their documents, what
 * the balance consists of, the last payment, their colleagues, what they will be paid, the last payment to them,
 * the files that are shared, and their tasks.
 */
export function partnerHome(actor: Actor): PartnerHome {
  const { organization_id, partner_id } = actor;
  const values = [organization_id, partner_id];
  return [
    owedByPartner(actor),
    awaitedFromPartner(actor),
    balancesOf(actor, partner_id),
    {
      name: 'home_latest',
      text: `select ${FEED} where a.organization_id = $1 and a.partner_id = $2 and a.visible_to <> 'staff'
        and a.subject_id is not null and s.id is not null and a.action not in ('start', 'edit', 'detach')
        order by a.id desc limit 10`,
      values,
    },
    {
      name: 'home_organization',
      text: `select o.name, o.address, p.currency, p.address as partner_address, o.gateway is not null
          and methods_offered(o.online_methods, true, p.bank_debit_allowed) <> '{}' as online,
          p.terms_days
        from organizations o join partners p on p.organization_id = o.id and p.id = $2 where o.id = $1`,
      values,
    },
    { name: 'home_people', text: PEOPLE, values },
    accountParts(actor, today(actor)),
    lastPayment(actor, typesThatOwe('receivable')),
    colleaguesOf(actor),
    owedToPartner(actor),
    lastPayment(actor, typesThatOwe('payable')),
    sharedFileList(actor, partner_id, FEW),
    tasksOf(actor, null),
  ];
}

// Each person is looked up by its key: joined, the planner might read all people.
const PEOPLE = `select distinct s.id, s.name, s.email, s.photo_sha256
  from (select id from documents where organization_id = $1 and partner_id = $2 order by id desc limit 50) d
  join participants x on x.organization_id = $1 and x.subject_id = d.id
  cross join lateral (select * from people s where s.organization_id = $1 and s.id = x.person_id limit 1) s
  where s.partner_id is null and s.removed_at is null order by s.id limit 5`;
