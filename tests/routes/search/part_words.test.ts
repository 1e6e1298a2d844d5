import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../../src/act.js';
import { type Actor, withActor } from '../../../src/db/scope.js';
import { makeOldWords } from '../../../src/jobs/search/make_old_words.js';
import { addProject } from '../../../src/projects/project.js';
import { addVendor, harbor, type Harbor, partnerActor, sentInvoice } from '../../support/harbor.js';
import { openPortal, type Portal } from '../../support/portal.js';

let portal: Portal;
let home: Harbor;
let invoice: string;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  ({ id: invoice } = await sentInvoice(portal, home, { lines: [{ description: 'Zircon knobs' }] }));
  const file = await portal.services.storage.put(Buffer.from('a plan'), 'zircon-plan.txt', 'text/plain');
  await act(portal.knex, home.staff, invoice, 'comment', { text: 'Zirconia', files: [file] });
  const sums = await portal.services.storage.put(Buffer.from('sums'), 'zirc-sums.txt', 'text/plain');
  await act(portal.knex, home.staff, invoice, 'comment', { text: 'Zirc margin', audience: 'internal', files: [sums] });
  await act(portal.knex, partnerActor(home, home.maya), invoice, 'comment', { text: 'Zirco', audience: 'internal' });
});
after(() => portal.close());

/** Words that somebody may find parts by. */
const wordsOf = (actor: Actor, start = 'zirc') =>
  withActor(portal.knex, actor, (db) =>
    db('part_words').where('word', 'like', `${start}%`).orderBy(['part', 'word']).distinct('part', 'word').select(),
  ).then((rows) => rows.map(({ part, word }: { part: string; word: string }) => `${part} ${word}`));

const OURS = [
  'comment zirc',
  'comment zirconia',
  'file zirc',
  'file zirc-sums.txt',
  'file zircon',
  'file zircon-plan.txt',
  'line zircon',
];
const OPEN = ['comment zirconia', 'file zircon', 'file zircon-plan.txt', 'line zircon'];

test('each reader finds by words of what they may see, and by no other', async () => {
  const { vendor, erik } = await addVendor(portal, home, `erik.${home.slug}@northern.example`);
  const rival = await harbor(portal);
  const maya = partnerActor(home, home.maya);
  const seller = { ...maya, partner_id: vendor, person_id: erik };
  assert.deepEqual(await wordsOf(home.staff), OURS);
  assert.deepEqual((await wordsOf(maya)).toSorted(), ['comment zirco', ...OPEN]);
  // Who got one document forwarded; a vendor; a contact without the module; by a link to something else; others.
  assert.deepEqual(await wordsOf({ ...maya, guest: true, subject_ids: [invoice] }), OPEN);
  assert.deepEqual(await wordsOf(seller), []);
  assert.deepEqual(await wordsOf({ ...maya, kinds: ['project'], shared: [] }), []);
  assert.deepEqual(await wordsOf({ ...maya, subject_ids: [erik] }), []);
  assert.deepEqual(await wordsOf({ ...home.staff, subject_ids: [erik] }), []);
  assert.deepEqual(await wordsOf(rival.staff), []);
});

test('people are found by their colleagues and by staff, not by guests, and no longer once they have left', async () => {
  const maya = partnerActor(home, home.maya);
  assert.deepEqual(await wordsOf(maya, 'noah'), [
    'person noah',
    `person ${home.noah.email.split('@')[0]}`,
    `person ${home.noah.email}`,
  ]);
  assert.deepEqual(await wordsOf(maya, 'olivia'), []);
  assert.deepEqual(await wordsOf({ ...maya, guest: true, subject_ids: [invoice] }, 'noah'), []);
  await portal.look(home.organization_id, (db) =>
    db('people').where({ id: home.noah.id }).update({ removed_at: new Date() }),
  );
  assert.deepEqual(await wordsOf(home.staff, 'noah'), []);
});

test('comments of a project without its conversation stay with staff', async () => {
  const id = await addProject(portal.knex, home.staff, { key: 'quiet', name: 'Quiet', partner: home.partner_id });
  await act(portal.knex, home.staff, id, 'comment', { text: 'Xylophone' });
  const maya = partnerActor(home, home.maya);
  const found = () => withActor(portal.knex, maya, (db) => db('comments').where({ subject_id: id }).pluck('body'));
  await act(portal.knex, home.staff, id, 'share_project', { comments: false });
  assert.deepEqual([await found(), await wordsOf(maya, 'xylo')], [[], []]);
  const agent = await portal.signIn(home.maya.email);
  const { text } = await agent.get(`/${home.slug}/search?q=xylo`).expect(200);
  assert.doesNotMatch(text, /Xylophone/);
});

test('what was there before is found once its words are made, few at a time', async () => {
  const all = () =>
    portal.look(home.organization_id, (db) => db('part_words').orderBy(['subject_id', 'id', 'word']).select());
  const { organization_id } = home;
  const before = await all();
  await portal.look(organization_id, async (db) => {
    await db('part_words').delete();
    for (const part of ['person', 'line', 'file', 'comment'])
      await db('words_to_make').insert({ organization_id, part });
  });
  assert.deepEqual(await wordsOf(home.staff), []);
  await makeOldWords(portal.knex, 2);
  assert.deepEqual(await all(), before);
  assert.deepEqual(await portal.look(organization_id, (db) => db('words_to_make').select()), []);
});

test('a renamed file and another partner of a draft are found by what they are now', async () => {
  const other = await portal.look(home.organization_id, (db) =>
    db('partners').whereNot({ id: home.partner_id }).first('id'),
  );
  await portal.look(home.organization_id, async (db) => {
    await db('files').where({ name: 'zircon-plan.txt' }).update({ name: 'opal.txt' });
    await db('documents').where({ id: invoice }).update({ partner_id: other.id });
  });
  assert.deepEqual(await wordsOf(home.staff, 'opal'), ['file opal', 'file opal.txt']);
  const maya = partnerActor(home, home.maya);
  assert.ok(!(await wordsOf(maya)).includes('line zircon'));
  // What was said to Maple Street Clinic stays with it, and so do its files.
  assert.deepEqual(await wordsOf({ ...maya, partner_id: other.id }), ['line zircon']);
});
