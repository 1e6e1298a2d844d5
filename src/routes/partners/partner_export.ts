import { type Actor, type Query, read } from '../../db/scope.js';
import { today } from '../../pages/days.js';
import type { Cell } from '../lists/csv_file.js';
import { type FileKind, sendTable } from '../lists/table_file.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { type ListedPartner, type PartnerFilter, partnerList } from './partner_queries.js';
import { kindLabel } from './partner_view.js';

const MOST_ROWS = 100_000;
/** Read so many at a time, each batch on from the last of the one before. */
const BATCH = 500;

const HEADS = [
  ...['Name', 'Kind', 'Email address', 'Address', 'Tax number', 'Currency', 'Days to pay', 'Balance', 'Overdue'],
  ...['Contact’s name', 'Contact’s email address', 'Contact’s position'],
];

interface Details {
  id: string;
  email: string;
  address: string;
  tax_number: string;
  terms_days: number;
  contacts: { name: string; email: string; title: string }[];
}

/** What the list doesn't show of its partners, with their contacts. */
const detailsOf = ({ organization_id }: Actor, ids: string[]): Query<Details> => ({
  name: 'partner_details',
  text: `select p.id, p.email, p.address, p.tax_number, p.terms_days,
      coalesce((select json_agg(c) from (select x.name, x.email, x.title from people x
        where x.organization_id = $1 and x.partner_id = p.id and x.removed_at is null
        order by x.id limit 200) c), '[]') as contacts
    from unnest($2::uuid[]) w (id)
    cross join lateral (select * from partners where organization_id = $1 and id = w.id limit 1) p`,
  values: [organization_id, ids],
});

/** Sends partners as a file: a line for each contact. */
export function exportPartners(ctx: RequestContext, filter: PartnerFilter, kind: FileKind): Promise<void> {
  const { t } = i18nOf(ctx.actor);
  return sendTable(ctx, {
    ...{ name: 'partners', kind, heads: HEADS.map((head) => t(head)) },
    rows: rowsOf(ctx, filter),
  });
}

async function* rowsOf({ db, res, actor }: RequestContext, filter: PartnerFilter): AsyncGenerator<Cell[]> {
  const { t } = i18nOf(actor);
  let after: string | null = null;
  for (let count = 0; count < MOST_ROWS && !res.destroyed; count += BATCH) {
    const list: Query<ListedPartner> = partnerList(actor, { ...filter, after }, today(actor), BATCH);
    const [found]: [ListedPartner[]] = await read(db.pool, actor, list);
    const page = found.slice(0, BATCH);
    const [details] = await read(
      db.pool,
      actor,
      detailsOf(
        actor,
        page.map(({ id }) => id),
      ),
    );
    const known = new Map(details.map((row) => [row.id, row]));
    for (const partner of page) yield* linesOf(partner, known.get(partner.id), kindLabel(partner, t));
    after = found[BATCH - 1]?.id ?? null;
    if (found.length <= BATCH) break;
  }
}

function linesOf(
  { name, currency, open, overdue }: ListedPartner,
  details: Details | undefined,
  kind: string,
): Cell[][] {
  const { email = '', address = '', tax_number = '', terms_days = 0, contacts = [] } = details ?? {};
  const own: Cell[] = [
    ...[name, kind, email, address, tax_number, currency, { decimal: `${terms_days}` }],
    ...[open, overdue].map((minor) => ({ minor, currency })),
  ];
  if (!contacts.length) return [[...own, null, null, null]];
  return contacts.map((contact) => [...own, contact.name, contact.email, contact.title]);
}
