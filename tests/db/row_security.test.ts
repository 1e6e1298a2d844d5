import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId } from '../../src/db/ids.js';
import { act } from '../../src/documents/act.js';
import { addProject } from '../../src/projects/project.js';
import { draftInvoice, harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let _paths: Record<string, string>;
let visitors: (Browser | null)[];

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  const rival = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const received = await portal.post.to(home.maya.email);
  await sentInvoice(portal, home);
  const other = await portal.post.to(home.maya.email, ({ subject }) => subject?.includes('INV-0002') ?? false);
  await addProject(portal.knex, home.staff, { key: 'maple', name: 'Reception', partner_id: home.partner_id });
  const bytes = await portal.services.storage.put(Buffer.from('a plan'), 'plan.txt', 'text/plain');
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'The plan' }, { files: [bytes] });
  const file = await portal.look(home.organization_id, (db) => db('files').whereNotNull('comment_id').first('id'));
  _paths = {
    ':organization': home.slug,
    ':key': invoice.number,
    ':partner': home.partner_id,
    ':contact': home.noah.id,
    ':version': '1',
    ':project': 'MAPLE',
    ':id/:name': `${file.id}/plan.txt`,
  };
  visitors = [
    portal.browser(),
    await portal.open(received),
    await portal.open(other),
    await portal.signIn(home.maya.email),
    await portal.signIn(home.olivia.email),
    await portal.signIn(rival.olivia.email),
  ];
});

after(() => portal.close());

test('the database itself shows a partner nothing of another, whatever is asked', async () => {
  const eve = await harbor(portal);
  await draftInvoice(portal, eve);
  const { withActor } = await import('../../src/db/scope.js');
  const maya = { ...home.staff, side: 'partner' as const, person_id: home.maya.id, partner_id: home.partner_id };
  const tables = [
    'documents',
    'lines',
    'participants',
    'versions',
    'activities',
    'comments',
    'files',
    'payments',
    'ledger_entries',
    'notifications',
    'emails',
    'reply_keys',
    'bounces',
    'links',
    'document_words',
    'signatures',
    'projects',
    'bookmarks',
    'type_defaults',
  ];
  for (const table of tables) {
    const rows = await withActor(portal.knex, maya, (db) => db(table).select());
    assert.ok(
      rows.every(({ organization_id }) => organization_id === home.organization_id),
      table,
    );
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
  ]) {
    assert.deepEqual(await withActor(portal.knex, maya, (db) => db(table).select()), [], table);
  }
  await assert.rejects(withActor(portal.knex, maya, (db) => db('comments').insert({ id: newId() })));
  assert.equal(await withActor(portal.knex, maya, (db) => db('documents').update({ state: 'paid' })), 0);
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
