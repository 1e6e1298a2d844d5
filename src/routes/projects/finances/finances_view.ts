import type { Actor } from '../../../db/scope.js';
import { type DocumentType, type Group, has, typeNamed } from '../../../document_types/index.js';
import { orderTypes, usualInvoice, usualQuote, usualVendorOrder } from '../../../document_types/relations.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import type { Link } from '../../../pages/views/components.js';
import type { Project } from '../../../projects/project.js';
import { isOffered } from '../../../subjects/may.js';
import { type DocumentRow, documentRow } from '../../shared/rows.js';
import type { ProjectDocument } from './finances_queries.js';

/** A project's documents and their money. */
export interface ProjectFinances {
  groups: ProjectGroup[];
  /** New documents of the project. */
  create: Link[];
}

interface ProjectGroup {
  title: string;
  sum: string | null;
  documents: ProjectRow[];
}

interface ProjectRow extends DocumentRow {
  pdf_url: string | null;
  paid: PaidShare | null;
}

/** How far a document is paid; minor units, and as text. */
interface PaidShare {
  value: number;
  max: number;
  text: string;
}

/** What the page is for: staff get links that partners don't. */
interface ProjectReader {
  slug: string;
  actor: Actor;
  side: 'staff' | 'partner';
  day: string;
  i18n: I18n;
}

/** The groups of the page, in order, with their titles. */
const GROUPS: Record<Group, string> = {
  quotes: 'Quotes',
  orders: 'Orders',
  invoices: 'Invoices',
  purchasing: 'Purchasing',
};

/** Groups without documents are left out. */
export function financesView(
  project: Pick<Project, 'id' | 'partner_id'>,
  documents: ProjectDocument[],
  reader: ProjectReader,
): ProjectFinances {
  const { i18n } = reader;
  const groups = Object.entries(GROUPS).map(([group, title]) => {
    const rows = documents.filter(({ type }) => typeNamed(type).group === group);
    return {
      title: i18n.t(title),
      sum: sumOf(rows, i18n),
      documents: rows.map((row) => projectRow(row, reader)),
    };
  });
  return {
    groups: groups.filter(({ documents }) => documents.length),
    create: newDocumentLinks(project, reader),
  };
}

const newDocumentLinks = (
  { id, partner_id }: Pick<Project, 'id' | 'partner_id'>,
  { slug, actor, i18n: { t } }: ProjectReader,
): Link[] =>
  [usualQuote, usualInvoice, usualVendorOrder]
    .filter((type) => isOffered(actor, { start: type }))
    .map(({ path, label, partner }) => ({
      href: `/${slug}/${path}/new?project=${id}${partner === 'customer' ? `&partner=${partner_id}` : ''}`,
      label: t(`New ${label.toLowerCase()}`),
    }));

/** Whether it adds to its group's sum: an offer is not agreed on, and a bill would count again what was ordered. */
const addsToSum = (type: DocumentType) =>
  !has(type, 'unpriced') &&
  !type.answers &&
  !orderTypes.some(({ group, billedBy }) => group === type.group && billedBy === type.name);

/** "$1,200.00 and €300.00": the sum of what counts, without drafts and what was voided or declined. */
function sumOf(rows: ProjectDocument[], { format }: I18n): string | null {
  const sums = new Map<string, number>();
  for (const { type: name, state, currency, total } of rows) {
    const type = typeNamed(name);
    if (state === type.states[0] || type.stateLabels[state]?.tone === 'stopped' || !addsToSum(type)) continue;
    sums.set(currency, (sums.get(currency) ?? 0) + (type.owes === 'credit' ? -total : total));
  }
  const amounts = [...sums].filter(([, sum]) => sum !== 0).map(([currency, sum]) => format.money(sum, currency));
  return amounts.length ? format.list(amounts) : null;
}

function projectRow(row: ProjectDocument, { slug, side, day, i18n }: ProjectReader): ProjectRow {
  const shown = documentRow(row, slug, side, day, i18n);
  return {
    ...shown,
    pdf_url: row.version > 0 ? `${shown.url}/pdf` : null,
    paid: isPayable(row) ? paidShare(row, i18n) : null,
  };
}

/** Whether it is a question how much of the document is paid: payments can be recorded, or were. */
function isPayable({ type, state, total }: ProjectDocument): boolean {
  const { from = [], to = {} } = typeNamed(type).actions['record_payment'] ?? {};
  const states = [...from, ...(typeof to === 'object' ? Object.values(to) : [to])];
  return total !== 0 && states.includes(state);
}

function paidShare({ total, open, currency, paid_on, paying }: ProjectDocument, { t, format }: I18n): PaidShare {
  const paid = Math.max(0, total - Math.max(0, open));
  const amounts = { paid: format.money(paid, currency), total: format.money(total, currency) };
  const when = paid_on ? t('last on {{date}}', { date: format.date(paid_on) }) : null;
  const text = paid ? t('{{paid}} of {{total}} paid', amounts) : t('Nothing of {{total}} paid yet', amounts);
  return {
    value: paid,
    max: total,
    text: [text, when, paying ? t('a payment is on its way') : null].filter(Boolean).join(', '),
  };
}
