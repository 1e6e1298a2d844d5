import { types } from '../../document_types/index.js';
import type { ProjectDocument } from './project_queries.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { Project } from '../../projects/project.js';
import { documentRow } from '../shared/document_row.js';

/** Types that stand together on a project's page. */
const GROUPS = [
  { title: 'Quotes', types: ['estimate', 'change_order'] },
  { title: 'Orders', types: ['sales_order'] },
  { title: 'Invoices', types: ['invoice', 'retainer_invoice', 'credit_note'] },
  { title: 'Purchasing', types: ['request_for_proposal', 'proposal', 'purchase_order', 'work_order', 'bill'] },
] as const;

const BEGUN = ['estimate', 'invoice', 'purchase_order'];

/** Everything that views/projects/show.ejs needs. */
export function projectView(
  project: Project,
  documents: ProjectDocument[],
  slug: string,
  side: 'staff' | 'partner',
  day: string,
  i18n: I18n,
) {
  const { t } = i18n;
  const url = `/${slug}/projects/${project.key}`;
  const groups = GROUPS.map(({ title, types: names }) => {
    const rows = documents.filter(({ type }) => (names as readonly string[]).includes(type));
    return {
      title: t(title),
      sum: sumOf(rows, i18n),
      documents: rows.map((row) => rowOf(row, slug, side, day, i18n)),
    };
  });
  const create = types.filter(({ name }) => BEGUN.includes(name));
  return {
    project: { ...project, url, partner_url: side === 'staff' ? `/${slug}/partners/${project.partner_id}` : null },
    groups: groups.filter(({ documents }) => documents.length),
    edit_url: side === 'staff' ? `${url}/edit` : null,
    create:
      side === 'staff'
        ? create.map(({ path, label, partner }) => ({
            href: `/${slug}/${path}/new?project=${project.id}${partner === 'customer' ? `&partner=${project.partner_id}` : ''}`,
            label: t(`New ${label.toLowerCase()}`),
          }))
        : [],
  };
}

// What was only asked or offered, and bills of what was ordered, would count twice.
const UNCOUNTED = new Set(['request_for_proposal', 'proposal', 'bill']);

/**
 * "$1,200.00 and €300.00" of what stands: drafts, and what was voided or declined, left out; of purchases, what was
 * ordered.
 */
function sumOf(rows: ProjectDocument[], { format }: I18n): string | null {
  const sums = new Map<string, number>();
  for (const { type, state, currency, total } of rows) {
    const look = types.find(({ name }) => name === type)?.stateLabels[state];
    if (state === 'draft' || look?.tone === 'stopped' || UNCOUNTED.has(type)) continue;
    sums.set(currency, (sums.get(currency) ?? 0) + (type === 'credit_note' ? -total : total));
  }
  const amounts = [...sums].filter(([, sum]) => sum !== 0).map(([currency, sum]) => format.money(sum, currency));
  return amounts.length ? format.list(amounts) : null;
}

function rowOf(row: ProjectDocument, slug: string, side: 'staff' | 'partner', day: string, i18n: I18n) {
  const shown = documentRow(row, slug, side, day, i18n);
  return { ...shown, pdf_url: row.version > 0 ? `${shown.url}/pdf` : null, paid: paidOf(row, i18n) };
}

/** Whether and how far it is paid: what its status says when one asks. */
function paidOf({ type, state, number, total, open, currency, paid_on, paying }: ProjectDocument, { t, format }: I18n) {
  const owes = types.find(({ name }) => name === type)?.owes;
  if (!number || !total || (owes !== 'receivable' && owes !== 'payable') || ['void', 'written_off'].includes(state))
    return null;
  if (owes === 'payable' && !['approved', 'scheduled', 'partly_paid', 'paid'].includes(state)) return null;
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
