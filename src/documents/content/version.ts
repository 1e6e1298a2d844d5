import type { Knex } from 'knex';
import { addJobs } from '../../db/jobs.js';
import { send } from '../../db/writing/transaction.js';
import { typeNamed } from '../../document_types/index.js';
import { Invalid } from '../../errors.js';
import { documentLocale } from '../../input/locale_tag.js';
import { currentAccounts, type PaymentAccount } from '../../people/getting_paid/payment_accounts.js';
import { nextDocumentNumber } from '../numbering/numbering.js';
import { CONTENT, type Content, hashOfContent, type Line } from './content.js';
import { readLines } from './content_store.js';
import { type Deduction, deductions } from '../../payments/ledger/deductions.js';
import { type Totals, totalsOf } from './totals.js';

export interface Party {
  name: string;
  address: string;
  tax_number: string;
  email: string;
  /** Of the organization, if it is another than its name. */
  legal_name?: string;
  /** Of the organization, what the law asks for at the foot. */
  footer?: string;
}

/** A document as it was sent: its page and its PDF can be made from this alone. */
export interface Snapshot extends Content, Totals {
  type: string;
  number: string;
  version: number;
  from: Party;
  /** Null for a request for proposal. */
  to: Party | null;
  payment_note: string;
  /** What was paid ahead, and is taken off the total; left out if nothing was. */
  deductions?: Deduction[];
  /** Where it was to be paid when it was sent; left out of what customers don’t pay. */
  accounts?: PaymentAccount[];
}

/**
 * Freezes the document as its next version: gives it a number if it has none, stores the snapshot with its SHA-256, and
 * queues its PDFs. @throws Invalid if it has no lines, or no recipients.
 */
export async function freeze(db: Knex.Transaction, organization_id: string, id: string): Promise<void> {
  const [{ partner_id, type, origin_id, late_charge, ...row }, lines, recipients] = await Promise.all([
    db('documents')
      .where({ organization_id, id })
      .first('partner_id', 'type', 'origin_id', 'late_charge', 'number', 'version', ...CONTENT),
    readLines(db, { organization_id, id }),
    findRecipients(db, organization_id, id),
  ]);
  if (lines.length === 0) throw new Invalid({ form: 'Add at least one line before you send it.' });
  if (recipients.length === 0 && typeNamed(type).startedBy === 'staff')
    throw new Invalid({ form: 'Choose at least one recipient before you send it.' });
  const number: string =
    row.number ?? (await nextDocumentNumber(db, organization_id, { type, issued_on: row.issued_on }));
  const version: number = row.version + 1;
  const taken = await takeSnapshot(db, organization_id, partner_id, { type, ...row, number, version }, lines);
  const invoice = { organization_id, id, partner_id, type, origin_id };
  // What was paid ahead for an order pays no late fee.
  const account = { ...invoice, currency: taken.currency, total: taken.total };
  const deducted = late_charge ? [] : await deductions(db, account);
  const snapshot: Snapshot = { ...taken, ...(deducted.length ? { deductions: deducted } : {}) };
  const json = JSON.stringify(snapshot);
  const sha256 = hashOfContent(json);
  await send(db, db('versions').insert({ organization_id, document_id: id, version, sha256, snapshot: json }));
  await send(db, db('documents').where({ organization_id, id }).update({ number, version, sha256 }));
  const locales = [
    ...new Set(recipients.map(({ locale, document_locale }) => documentLocale(locale, document_locale))),
  ];
  const pdf = { organization_id, document_id: id, version };
  const jobs = locales.map((locale) => ({ payload: { ...pdf, locale } }));
  await addJobs(db, 'make_pdf', jobs, { urgency: 'later' });
}

const findRecipients = (
  db: Knex,
  organization_id: string,
  subject_id: string,
): Promise<{ locale: string; document_locale: string | null }[]> =>
  db('participants as p')
    .join('people as c', (on) => on.on('c.organization_id', 'p.organization_id').on('c.id', 'p.person_id'))
    .where({ 'p.organization_id': organization_id, subject_id, removed_at: null })
    .whereNotNull('c.partner_id')
    .select('c.locale', 'c.document_locale');

type Row = Content & Pick<Snapshot, 'type' | 'number' | 'version'>;

async function takeSnapshot(
  db: Knex,
  organization_id: string,
  partner_id: string | null,
  row: Row,
  lines: Line[],
): Promise<Snapshot> {
  const party = ['name', 'address', 'tax_number', 'email'];
  const receivable = typeNamed(row.type).owes === 'receivable';
  const [{ payment_note, footer, ...named }, to, accounts] = await Promise.all([
    db('organizations')
      .where({ id: organization_id })
      .first(...party, 'legal_name', 'payment_note', 'footer'),
    partner_id
      ? db('partners')
          .where({ organization_id, id: partner_id })
          .first(...party)
      : null,
    receivable ? currentAccounts(db, organization_id, row.currency) : null,
  ]);
  const from = { ...named, ...(footer ? { footer } : {}) };
  const totals = totalsOf(lines, row.currency, row.tax_included);
  return { ...row, lines, ...totals, from, to, payment_note, ...(accounts ? { accounts } : {}) };
}
