import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Knex } from 'knex';
import { newId } from '../../src/db/ids.js';
import { type Actor, systemActor, withActor } from '../../src/db/scope.js';
import { act } from '../../src/act.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { addProject } from '../../src/projects/project.js';
import {
  addVendor,
  draftInvoice,
  harbor,
  type Harbor,
  partnerActor,
  sentDocument,
  sentInvoice,
} from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  await sentInvoice(portal, home);
});
after(() => portal.close());

test('the database itself shows a partner nothing of another, whatever is asked', async () => {
  const eve = await harbor(portal);
  await draftInvoice(portal, eve);
  const aurora = await addPartner(portal.knex, home.staff, { ...home.customer, name: 'Café Aurora', email: '' });
  const lena = { name: 'Lena Vogt', email: 'lena@aurora.example' };
  const lena_id = await newContact(portal.knex, home.staff, aurora, lena);
  const theirs = await sentInvoice(portal, { ...home, partner_id: aurora, maya: { ...lena, id: lena_id } });
  await act(portal.knex, home.staff, theirs.id, 'comment', { text: 'For Aurora alone' });
  await portal.idle();
  const maya = partnerActor(home, home.maya);
  const tables = [
    'subjects',
    'documents',
    'lines',
    'participants',
    'versions',
    'activities',
    'comments',
    'files',
    'payments',
    'ledger_entries',
    'balances',
    'receivables',
    'outstanding',
    'credit_kinds',
    'open_items',
    'notifications',
    'emails',
    'reply_keys',
    'bounces',
    'links',
    'subject_words',
    'part_words',
    'signatures',
    'projects',
    'exchange_rates',
    'payment_accounts',
    'saved_views',
    'type_defaults',
    'sent_forms',
  ];
  for (const table of tables) {
    const rows = await withActor(portal.knex, maya, (db) => db(table).select());
    assert.ok(
      rows.every(({ organization_id }) => organization_id === home.organization_id),
      table,
    );
    // Another customer of the same organization.
    const others = rows.filter(
      ({ id, subject_id, document_id, partner_id, person_id }) =>
        [id, subject_id, document_id].includes(theirs.id) || partner_id === aurora || person_id === lena_id,
    );
    assert.deepEqual(others, [], `${table} of another partner`);
    const foreign = await withActor(portal.knex, { ...home.staff, side: 'staff' }, (db) =>
      db(table).where({ organization_id: eve.organization_id }).select(),
    );
    assert.deepEqual(foreign, [], table);
  }
  for (const actor of [maya, home.staff]) {
    const known = await withActor(portal.knex, actor, (db) => db('organizations').pluck('id'));
    assert.deepEqual(known, [home.organization_id]);
    await assert.rejects(
      withActor(portal.knex, actor, (db) =>
        db('organizations').insert({ id: newId(), slug: 'mine', name: 'x', email: 'x' }),
      ),
    );
  }
  for (const table of [
    'emails',
    'bounces',
    'dkim_keys',
    'mail_checks',
    'mail_pace',
    'reply_keys',
    'links',
    'counters',
    'signing_keys',
    'type_defaults',
    'sent_forms',
    'tax_rates',
    'accounting',
    'booking_accounts',
    'words_to_make',
  ]) {
    assert.deepEqual(await withActor(portal.knex, maya, (db) => db(table).select()), [], table);
  }
  await assert.rejects(withActor(portal.knex, maya, (db) => db('comments').insert({ id: newId() })));
  assert.equal(await withActor(portal.knex, maya, (db) => db('documents').update({ state: 'paid' })), 0);
});

const OF_SUBJECT = [
  'activities',
  'comments',
  'files',
  'participants',
  'notifications',
  'emails',
  'links',
  'reply_keys',
  'subject_words',
] as const;

/** A comment for both sides and one for staff on a subject, each with a file, and all that goes with them. */
async function converse(db: Knex.Transaction, subject_id: string): Promise<void> {
  const { organization_id, partner_id, maya, olivia } = home;
  const on = { organization_id, subject_id };
  const file = { sha256: '', name: 'plan.txt', content_type: 'text/plain', size: 1 };
  for (const audience of ['shared', 'staff']) {
    const [activity_id, comment_id] = [newId(), newId()];
    const visible_to = audience === 'shared' ? 'both' : 'staff';
    const event = { ...on, id: activity_id, partner_id, person_id: olivia.id, side: 'staff' };
    await db('activities').insert({ ...event, action: 'comment', visible_to });
    await db('comments').insert({ ...on, id: comment_id, activity_id, person_id: olivia.id, audience, body: 'Yes' });
    await db('files').insert({ ...on, ...file, id: newId(), comment_id });
    await db('notifications').insert({ ...on, id: newId(), activity_id, person_id: maya.id });
    const email = { ...on, id: newId(), kind: 'event', person_id: maya.id, activity_id, to_address: maya.email };
    await db('emails').insert({ ...email, message_id: newId(), state: 'skipped' });
    await db('reply_keys').insert({ ...on, id: newId(), key_hash: newId(), person_id: maya.id, audience });
  }
  await db('files').insert({ ...on, ...file, id: newId() });
  // Olivia takes part already: she began it.
  await db('participants').insert({ ...on, person_id: maya.id });
  const { user_id } = await db('people').where({ organization_id, id: maya.id }).first('user_id');
  const link = { ...on, id: newId(), token_hash: newId(), person_id: maya.id, user_id };
  await db('links').insert({ ...link, expires_at: new Date() });
}

/** How many rows of each table that hang on the subject an actor sees. */
async function seenBy(actor: Actor, subject_id: string) {
  const counts: Record<string, number> = {};
  await withActor(portal.knex, actor, async (db) => {
    for (const table of OF_SUBJECT) counts[table] = (await db(table).where({ subject_id })).length;
    counts['subjects'] = (await db('subjects').where({ id: subject_id })).length;
    counts['projects'] = (await db('projects').where({ id: subject_id })).length;
  });
  return counts;
}

test('a project’s conversation is for staff and its customer: no other customer, vendor or link sees it', async () => {
  const { vendor, erik } = await addVendor(portal, home);
  const fields = { key: 'MAPLE-2', name: 'Reception', partner: home.partner_id };
  const project = await addProject(portal.knex, home.staff, fields);
  await sentDocument(portal, { ...home, partner_id: vendor }, 'purchase_order', { project, recipients: [erik] });
  const invoice = await sentInvoice(portal, home);
  await withActor(portal.knex, systemActor(home.organization_id), (db) => converse(db, project));

  const nothing = Object.fromEntries([...OF_SUBJECT, 'subjects', 'projects'].map((table) => [table, 0]));
  const private_mail = { emails: 2, links: 1, reply_keys: 2 };
  const found = { participants: 2, subject_words: 12, subjects: 1, projects: 1 };
  const everything = { ...found, ...private_mail, activities: 3, comments: 2, files: 3, notifications: 2 };
  const hers = { ...nothing, ...found, activities: 1, comments: 1, files: 2, notifications: 2 };
  assert.deepEqual(await seenBy(home.staff, project), everything);
  const maya = partnerActor(home, home.maya);
  assert.deepEqual(await seenBy(maya, project), hers);
  const byLink = { ...maya, assurance: 'link' as const };
  assert.deepEqual(await seenBy({ ...byLink, subject_ids: [project] }, project), hers);
  assert.deepEqual(await seenBy({ ...byLink, subject_ids: [invoice.id] }, project), nothing);

  const contact = { name: 'Erik Lund', email: 'erik@northern.example', id: erik };
  const vendors = partnerActor({ ...home, partner_id: vendor }, contact);
  assert.deepEqual(await seenBy(vendors, project), { ...nothing, projects: 1 }, 'the name on his order’s page');
  const stranger = await addPartner(portal.knex, home.staff, { ...home.customer, name: 'Another clinic', email: '' });
  const eve = { name: 'Eve', email: 'eve@rival.example' };
  const eve_id = await newContact(portal.knex, home.staff, stranger, eve);
  const rival = partnerActor({ ...home, partner_id: stranger }, { ...eve, id: eve_id });
  assert.deepEqual(await seenBy(rival, project), nothing);
});

test('a subject agrees with its document and its project, and so do the words they are found by', async () => {
  const { organization_id, staff } = home;
  const draft = await draftInvoice(portal, home, { title: 'Shelves', reference: 'PO-7' });
  const subject = (id: string) => portal.look(organization_id, (db) => db('subjects').where({ id }).first());
  const words = (id: string, actor = staff) =>
    withActor(portal.knex, actor, (db) => db('subject_words').where({ subject_id: id }).pluck('word'));
  const maya = partnerActor(home, home.maya);
  const { kind, number, title, state, partner_id, visible_to } = await subject(draft);
  assert.deepEqual(
    { kind, number, title, state, partner_id, visible_to },
    {
      kind: 'invoice',
      number: null,
      title: 'Shelves',
      state: 'draft',
      partner_id: home.partner_id,
      visible_to: 'staff',
    },
  );
  assert.ok((await words(draft)).includes('shelves'));
  assert.deepEqual(await words(draft, maya), []);
  const sent = await act(portal.knex, staff, draft, 'send');
  const after = await subject(draft);
  assert.deepEqual([after.number, after.state, after.visible_to], [sent.number, 'sent', 'both']);
  const found = await words(draft, maya);
  for (const word of [String(sent.number).toLowerCase(), 'shelves', 'po-7', 'maple'])
    assert.ok(found.includes(word), word);

  const fields = { key: 'MAPLE-3', name: 'Waiting room', partner: home.partner_id };
  const project = await addProject(portal.knex, staff, fields);
  await act(portal.knex, staff, project, 'change', { ...fields, key: 'MAPLE-4', name: 'Ward' });
  const changed = await subject(project);
  assert.deepEqual(
    [changed.kind, changed.number, changed.title, changed.state, changed.partner_id, changed.visible_to],
    ['project', 'MAPLE-4', 'Ward', 'open', home.partner_id, 'both'],
  );
  assert.ok((await words(project, maya)).includes('ward'));
  assert.ok(!(await words(project)).includes('waiting'));
});

test('every table of an organization has forced row security, and its key and foreign keys start with it', async () => {
  const { rows } = await portal.knex
    .raw(`select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id'
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and not (relrowsecurity and relforcerowsecurity)`);
  assert.deepEqual(rows, []);
  const keys = await portal.knex.raw(`select conrelid::regclass::text as "table", conname from pg_constraint k
    where connamespace = 'public'::regnamespace and contype in ('p', 'f') and conrelid::regclass::text not in ('inbound_deliveries')
      and exists (select from pg_attribute a where a.attrelid = conrelid and attname = 'organization_id')
      and not (confrelid = 'organizations'::regclass or confrelid = 'users'::regclass)
      and (select attname from pg_attribute a where a.attrelid = conrelid and attnum = conkey[1]) <> 'organization_id'`);
  assert.deepEqual(keys.rows, []);
});
