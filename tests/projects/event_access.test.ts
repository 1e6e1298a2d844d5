import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Actor, withActor } from '../../src/db/scope.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { kindsOf } from '../../src/subjects/modules.js';
import { act } from '../../src/act.js';
import { fitOut, plannedEvent, workFor } from '../support/events.js';
import { addVendor, harbor, type Harbor, partnerActor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

/** The titles that somebody reads in each table of events. */
const seenBy = (actor: Actor) =>
  withActor(portal.knex, actor, async (db) => {
    const { organization_id } = actor;
    const events = await db('events').where({ organization_id }).orderBy('title').pluck('title');
    const on = (table: string) =>
      db(`${table} as o`)
        .join('events as e', (join) => join.on('e.organization_id', 'o.organization_id').on('e.id', 'o.event_id'))
        .where({ 'o.organization_id': organization_id })
        .orderBy('e.title')
        .pluck('e.title');
    return { events, times: await on('event_occurrences'), answers: await on('event_answers') };
  });

test('row security shows events to their company, and who comes to those who write about them', async () => {
  const project = await fitOut(portal, home);
  const { vendor, erik } = await addVendor(portal, home, 'erik.access@northern.example');
  await workFor(portal, home, project.id, vendor);
  const idle = await addPartner(portal.knex, home.staff, {
    ...home.customer,
    name: 'Idle',
    email: '',
    is_vendor: true,
  });
  const rival = await addPartner(portal.knex, home.staff, { ...home.customer, name: 'Rival clinic', email: '' });
  const walk = await plannedEvent(portal, home.staff, project.id, { title: 'Walk', guests: [home.maya.id] });
  const wiring = await plannedEvent(portal, home.staff, project.id, { title: 'Wiring', vendor, guests: [erik] });
  const inside = await plannedEvent(portal, home.staff, project.id, { title: 'Inside', shown: false });
  const as = (partner_id: string, id: string) => partnerActor({ ...home, partner_id }, { id, name: 'X', email: 'x@x' });
  const [maya, eriks] = [as(home.partner_id, home.maya.id), as(vendor, erik)];
  await act(portal.knex, maya, walk.id, 'accept');
  await act(portal.knex, eriks, wiring.id, 'decline');
  await act(portal.knex, home.staff, inside.id, 'accept');

  const all = ['Inside', 'Walk', 'Wiring'];
  assert.deepEqual(await seenBy(home.staff), { events: all, times: all, answers: all });
  const shown = { events: ['Walk', 'Wiring'], times: ['Walk', 'Wiring'], answers: ['Walk'] };
  assert.deepEqual(await seenBy(maya), shown);
  const own = { events: ['Wiring'], times: ['Wiring'], answers: ['Wiring'] };
  assert.deepEqual(await seenBy(eriks), own);
  const nothing = { events: [], times: [], answers: [] };
  for (const partner of [idle, rival]) {
    const someone = await newContact(portal.knex, home.staff, partner, { name: 'S', email: `s.${partner}@x.example` });
    assert.deepEqual(await seenBy(as(partner, someone)), nothing);
  }
  assert.deepEqual(await seenBy({ ...maya, kinds: kindsOf(['invoices']), shared: [] }), nothing);
  const taking_part = { events: ['Walk'], times: ['Walk'], answers: ['Walk'] };
  assert.deepEqual(await seenBy({ ...maya, kinds: kindsOf(['invoices']), shared: [walk.id] }), taking_part);
  assert.deepEqual(await seenBy({ ...maya, guest: true, subject_ids: [] }), nothing);
  const linked = { ...maya, assurance: 'link' as const };
  assert.deepEqual(await seenBy({ ...linked, subject_ids: [walk.id] }), taking_part);
  assert.deepEqual(await seenBy({ ...linked, subject_ids: [home.partner_id] }), nothing);
  assert.deepEqual((await seenBy({ ...linked, subject_ids: [project.id] })).events, ['Walk', 'Wiring']);

  await portal.look(home.organization_id, (db) =>
    db('projects').where({ id: project.id }).update({ shown: '{tasks}' }),
  );
  assert.deepEqual(await seenBy(maya), nothing);
  assert.deepEqual(await seenBy(eriks), own);
});

test('a calendar address is known to its person and by its secret, and partners write nothing', async () => {
  const maya = partnerActor(home, home.maya);
  const token_hash = 'f'.repeat(64);
  await portal.look(home.organization_id, async (db) => {
    const { user_id } = await db('people').where({ id: home.maya.id }).first();
    await db('calendar_feeds').insert({
      ...{ organization_id: home.organization_id, person_id: home.maya.id, user_id, token_hash },
    });
  });
  const read = (actor: Actor) => withActor(portal.knex, actor, (db) => db('calendar_feeds').pluck('token_hash'));
  assert.deepEqual(await read(maya), [token_hash]);
  assert.deepEqual(await read(partnerActor(home, home.noah)), []);
  assert.deepEqual(await read(home.staff), []);
  for (const table of ['events', 'event_occurrences', 'event_answers', 'calendar_feeds']) {
    const removed = await withActor(portal.knex, maya, (db) => db(table).delete());
    assert.equal(removed, 0, table);
  }
});
