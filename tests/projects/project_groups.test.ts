import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemActor } from '../../src/db/scope.js';
import { types } from '../../src/document_types/index.js';
import { formatFor } from '../../src/pages/format.js';
import { translatorFor } from '../../src/pages/i18n.js';
import type { ProjectDocument } from '../../src/routes/projects/finances/finances_queries.js';
import { financesView } from '../../src/routes/projects/finances/finances_view.js';

const project = { id: 'p', key: 'MAPLE', name: 'Reception', partner_id: 'c', partner: 'Maple Street Clinic' };
const reader = {
  slug: 'harbor',
  actor: { ...systemActor('o', 'p'), side: 'staff' as const, role: 'owner' as const },
  side: 'staff' as const,
  day: '2026-11-01',
  i18n: { t: translatorFor('en-US'), format: formatFor({ locale: 'en-US', time_zone: 'UTC' }) },
};

/** A document of 10.00 of which 4.00 are paid. */
const rowOf = (type: string, state: string): ProjectDocument => ({
  ...{
    id: `${type}-${state}`,
    type,
    number: state === 'draft' ? null : `${type} ${state}`,
    state,
    title: '',
    reference: '',
    project: 'MAPLE',
  },
  ...{ issued_on: '2026-10-01', due_on: null, currency: 'USD', total: 1000, open: 600, left: 0, counted: 0 },
  ...{
    paying: false,
    partner: null,
    started_by: 'staff',
    pay_on: null,
    changes_proposed: false,
    promised_on: null,
    disputed_on: null,
    bank_changed: false,
  },
  ...{ version: 1, paid_on: null },
});

test('a project’s documents are in four groups; what was only offered or is billed from an order adds nothing', () => {
  // The state after draft is one that counts, whatever the type.
  const { groups, create } = financesView(
    project,
    types.map(({ name, states }) => rowOf(name, states[1] ?? '')),
    reader,
  );
  assert.deepEqual(
    groups.map(({ title, sum, documents }) => [title, sum, documents.map(({ type_label }) => type_label).join(', ')]),
    [
      ['Quotes', '$20.00', 'Estimate, Change order'],
      ['Orders', '$10.00', 'Order'],
      ['Invoices', '$10.00', 'Invoice, Retainer invoice, Credit note'],
      ['Purchasing', '$20.00', 'Request for proposal, Proposal, Purchase order, Work order, Bill'],
    ],
  );
  assert.deepEqual(
    create.map(({ label }) => label),
    ['New estimate', 'New invoice', 'New purchase order'],
  );
});

test('drafts and what was stopped add nothing', () => {
  const rows = ['draft', 'sent', 'void', 'written_off'].map((state) => rowOf('invoice', state));
  assert.deepEqual(
    financesView(project, rows, reader).groups.map(({ sum }) => sum),
    ['$10.00'],
  );
});

test('how far something is paid is shown where payments are recorded', () => {
  const rows = types.flatMap(({ name, states }) => states.map((state) => rowOf(name, state)));
  const paid = financesView(project, rows, reader).groups.flatMap(({ documents }) => documents);
  assert.deepEqual(
    paid.filter(({ paid }) => paid).map(({ number, paid }) => [number, paid?.text]),
    [
      ...['invoice sent', 'invoice partly_paid', 'invoice paid'],
      ...['retainer_invoice sent', 'retainer_invoice partly_paid', 'retainer_invoice paid'],
      ...['bill approved', 'bill scheduled', 'bill partly_paid', 'bill paid'],
    ].map((number) => [number, '$4.00 of $10.00 paid']),
  );
});
