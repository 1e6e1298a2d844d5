import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId } from '../../src/db/ids.js';
import { withActor } from '../../src/db/scope.js';
import { act } from '../../src/documents/act.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { draftInvoice, harbor, type Harbor, partnerActor, sentInvoice } from '../support/harbor.js';
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
    // Another customer of the same organization.
    const others = rows.filter(
      ({ id, document_id, partner_id, person_id }) =>
        id === theirs.id || document_id === theirs.id || partner_id === aurora || person_id === lena_id,
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
