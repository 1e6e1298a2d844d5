import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../src/config.js';
import { type Side, systemActor } from '../../src/db/scope.js';
import { type DocumentType, type Facts, type SubjectAction, types } from '../../src/document_types/index.js';
import { answersTo, hasEffect, isForSeveral } from '../../src/document_types/relations.js';
import { drawLifecycles } from '../../src/subjects/lifecycle_docs/draw.js';
import { LIFECYCLES } from '../../src/subjects/lifecycles.js';
import { promiseBroken, reminderDue } from '../../src/document_types/shared/dates.js';
import { defineType } from '../../src/document_types/shared/define_type.js';
import { actionsFor, nextState, requirePermitted } from '../../src/acting/permitted.js';
import { TABLES } from '../support/lifecycle_tables.js';

const facts: Facts = {
  started_by: 'staff',
  credit: 0,
  left: 100,
  sent_on: '2026-12-01',
  reference_required: false,
  changes_proposed: false,
  due_on: '2026-11-30',
  open: 100,
  paying: false,
  reminders: 0,
  reminded_on: null,
  reminder_days: [-3, 1, 8, 22, 45],
  promised_on: null,
  disputed_on: null,
  partial_payments: true,
  signature_required: false,
  online: true,
};

const today = '2026-12-05';

const as = (side: Side) => ({
  ...systemActor('x'),
  side,
  role: side === 'staff' ? ('owner' as const) : ('manager' as const),
});

/** What is owed is late already, everything else can still be answered. */
const factsOf = ({ owes, startedBy }: DocumentType): Facts => ({
  ...facts,
  started_by: startedBy,
  due_on: owes === 'receivable' ? facts.due_on : '2026-12-10',
});

/** What can be done to every document, whatever its type. */
function common({ name, startedBy }: DocumentType, side: string, state: string): string[] {
  if (state === 'draft') return side === startedBy ? ['detach'] : [];
  if (side === 'system' || state === 'discarded') return [];
  const copies = side === startedBy && name !== 'proposal' ? ['copy'] : [];
  return ['comment', ...copies, ...(side === 'partner' ? ['view'] : [])];
}

for (const type of types) {
  for (const side of ['staff', 'partner', 'system'] as const) {
    for (const state of type.states) {
      test(`${type.name}: what ${side} may do while it is ${state}`, () => {
        const paid = state === 'paid' ? { open: 0, total: 100 } : {};
        const document = { ...factsOf(type), ...paid, type: type.name, number: 'X-1', state };
        assert.deepEqual(
          Object.keys(actionsFor(document, as(side), today)).toSorted(),
          [
            ...(TABLES[type.name]?.[side]?.[state] ?? '').split(' ').filter(Boolean),
            ...common(type, side, state),
          ].toSorted(),
        );
        for (const name of Object.keys(type.actions)) {
          const allowed = Object.hasOwn(actionsFor(document, as(side), today), name);
          const attempt = () => requirePermitted(document, as(side), name, today);
          if (allowed) assert.ok(attempt());
          else assert.throws(attempt, (error: { status?: number }) => error.status === 403 || error.status === 409);
        }
      });
    }
  }

  test(`${type.name}: every state can be reached, and every state has a look`, () => {
    const reached = new Set([
      type.states[0],
      ...Object.values(type.actions).flatMap(({ to }) => (typeof to === 'object' ? Object.values(to) : (to ?? []))),
    ]);
    assert.deepEqual(
      type.states.filter((state) => !reached.has(state)),
      [],
    );
    assert.deepEqual(Object.keys(type.stateLabels).toSorted(), type.states.toSorted());
  });

  test(`${type.name}: what one side does notifies the other`, () => {
    const untold = Object.entries(type.actions).filter(
      ([name, { by, notifies, to }]) => to && to !== type.discarded && by !== 'system' && !notifies && name !== 'edit',
    );
    assert.deepEqual(untold, []);
  });
}

test('each type that another one names exists, and what an effect needs is named', () => {
  const names = types.map(({ name }) => name);
  for (const type of types) {
    const creates = Object.values(type.actions).map((action) => action.creates);
    const named = [type.answers, type.billedBy, type.orderedBy, ...creates].filter((name) => name !== undefined);
    assert.deepEqual(
      named.filter((name) => !names.includes(name)),
      [],
      type.name,
    );
    const uncounted = type.uncounted ?? [];
    assert.deepEqual(
      uncounted.filter((state) => !type.states.includes(state)),
      [],
      type.name,
    );
    // What goes to several partners is sent by creating a document for each of them, and an award by creating orders.
    assert.equal(isForSeveral(type), hasEffect(type, 'invite'), type.name);
    assert.equal(answersTo(type.name).length, isForSeveral(type) ? 1 : 0, type.name);
    assert.equal(type.orderedBy !== undefined, hasEffect(type, 'order'), type.name);
  }
});

test('while a payment is on its way nobody pays, revises, voids or reminds', () => {
  const document = { ...facts, paying: true, type: 'invoice', number: 'INV-1', state: 'sent' };
  assert.deepEqual(Object.keys(actionsFor(document, as('staff'), today)), ['credit_note', 'copy', 'comment']);
  assert.ok(!('pay' in actionsFor(document, as('partner'), today)));
  assert.ok(!('remind' in actionsFor(document, as('system'), today)));
});

test('the next state depends on what is still owed', () => {
  const receive = types.find(({ name }) => name === 'invoice')?.actions['receive'];
  assert.ok(receive);
  assert.equal(nextState(receive, 'settled'), 'paid');
  assert.equal(nextState(receive, 'open'), 'partly_paid');
});

test('a partner by a link may comment, and needs a code for what asks for one', () => {
  const document = { ...facts, type: 'invoice', number: 'INV-1', state: 'sent' };
  const byLink = { ...as('partner'), assurance: 'link' as const };
  assert.ok(requirePermitted(document, byLink, 'comment', today));
  assert.throws(() => requirePermitted(document, byLink, 'forward', today), { status: 403, code: true });
  assert.throws(() => requirePermitted(document, { ...byLink, side: 'staff' }, 'void', today), {
    status: 403,
    code: true,
  });
});

test('reminders come before the day, after it, then ever more rarely, and stop', () => {
  const on = (day: string, reminded_on: string | null, more: Partial<Facts> = {}) =>
    reminderDue({ ...facts, reminded_on, ...more }, day);
  assert.equal(on('2026-11-26', null), false);
  assert.equal(on('2026-11-27', null), true);
  assert.equal(on('2026-11-30', '2026-11-27'), false);
  assert.equal(on('2026-12-01', '2026-11-27'), true);
  assert.equal(on('2026-12-02', '2026-12-01'), false);
  assert.equal(on('2027-12-01', '2027-01-20'), false);
  // Of several days that were missed, one reminder makes up for all.
  assert.equal(on('2026-12-23', '2026-11-27'), true);
  assert.equal(on('2026-12-25', '2026-12-23'), false);
  assert.equal(on('2026-12-01', null, { open: 0 }), false);
  assert.equal(on('2026-12-01', null, { paying: true }), false);
  assert.equal(on('2026-12-01', null, { reminder_days: [] }), false);
  // A new deadline begins the plan anew.
  assert.equal(on('2026-12-12', '2026-12-08', { due_on: '2026-12-15' }), true);
});

test('a promise keeps reminders until the morning after its day; then the plan goes on', () => {
  const on = (day: string, reminded_on: string | null = '2026-12-01') =>
    reminderDue({ ...facts, promised_on: '2026-12-11', reminded_on }, day);
  assert.deepEqual(
    ['2026-12-08', '2026-12-11', '2026-12-12'].map((day) => on(day)),
    [false, false, true],
  );
  assert.equal(on('2026-12-12', '2026-12-09'), false);
  const kept = { promised_on: '2026-12-11', open: 100, paying: false };
  assert.deepEqual(
    ['2026-12-11', '2026-12-12'].map((day) => promiseBroken(kept, day)),
    [false, true],
  );
  assert.equal(promiseBroken({ ...kept, open: 0 }, '2026-12-12'), false);
});

test('a lifecycle that names a missing state does not compile', () => {
  defineType({
    name: 'x',
    label: 'X',
    plural: 'Xs',
    path: 'xs',
    prefix: 'X',
    due: 'Due',
    features: [],
    tabs: [],
    partner: 'customer',
    startedBy: 'staff',
    group: 'orders',
    module: 'orders',
    states: ['draft', 'sent'],
    stateLabels: { draft: { label: 'Draft', tone: 'quiet' }, sent: { label: 'Sent', tone: 'waiting' } },
    // @ts-expect-error "snet" is not a state
    actions: { send: { by: 'staff', from: ['draft'], to: 'snet', summary: '' } },
  });
});

/** What docs/lifecycles.md says of each type: the arrows of its diagram, and the cells of its table's rows. */
function lifecyclesIn(page: string) {
  const sections = page.split(/^## /m).slice(1);
  return sections.map((section) => ({
    heading: /.*/.exec(section)?.[0],
    arrows: [...section.matchAll(/^  (\S+) --> ([^:\n]+)(?:: (.*))?$/gm)].map(([, ...arrow]) => arrow),
    rows: [...section.matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) => row.split(' | ')).slice(1),
  }));
}

/** The states that an action may lead to from another one. */
const leadsTo = ({ to }: Pick<SubjectAction, 'to'>) => (typeof to === 'object' ? Object.values(to) : to ? [to] : []);

test('docs/lifecycles.md names every state and every action of every kind of subject, and nothing else', () => {
  const page = readFileSync(join(root, 'docs/lifecycles.md'), 'utf8');
  assert.doesNotMatch(page, /undefined|null|NaN|\[object/);
  const drawn = lifecyclesIn(page);
  assert.deepEqual(
    drawn.map(({ heading }) => heading),
    [
      ...types.map(({ label, prefix }) => `${label} (\`${prefix}\`)`),
      ...LIFECYCLES.slice(types.length).map(({ label }) => label),
    ],
  );
  for (const [i, { name, states, draft, actions }] of LIFECYCLES.entries()) {
    const { arrows = [], rows = [] } = drawn[i] ?? {};
    const expected = Object.entries(actions).flatMap(([action, is]) =>
      (is.from ?? []).flatMap((from) =>
        [...new Set(leadsTo(is))].filter((to) => to !== from).map((to) => `${from} ${to} ${action}`),
      ),
    );
    const [begin, ...moves] = arrows.map((arrow) => arrow.filter(Boolean).join(' '));
    assert.equal(begin, `[*] ${states[0]}`);
    assert.deepEqual(moves.toSorted(), expected.toSorted(), name);
    assert.deepEqual(new Set(arrows.map(([, to]) => to)), new Set(states), `${name}: every state is reached`);
    assert.deepEqual(
      rows.map(([action, by, from, to]) => [action, by, from, to]),
      Object.entries(actions).map(([action, is]) => [
        action,
        is.by,
        is.from?.join(', ') ?? (draft ? 'any but draft' : 'any'),
        [...new Set(leadsTo(is))].join(' or ') || 'stays',
      ]),
    );
    for (const [action, , , , , , sentence] of rows) assert.ok(sentence?.includes('{{'), `${name}: ${action}`);
  }
});

test('docs/lifecycles.md is what `npm run lifecycles` draws', () => {
  assert.equal(readFileSync(join(root, 'docs/lifecycles.md'), 'utf8'), drawLifecycles());
});
