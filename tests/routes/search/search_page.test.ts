import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../../src/act.js';
import { addTask } from '../../../src/projects/tasks/add_task.js';
import { addProject } from '../../../src/projects/project.js';
import { addVendor, harbor, type Harbor, partnerActor, sentDocument, sentInvoice } from '../../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../../support/portal.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;
let maya: Browser;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
  maya = await portal.signIn(home.maya.email);
});
after(() => portal.close());

/** A row as it is read, with its address. */
interface Row {
  group: string;
  text: string;
  href: string;
}

const plain = (html: string) =>
  html
    .replace(/<\/?mark>/g, '')
    .replace(/<svg.*?<\/svg>|<[^>]*>/gs, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&#39;', "'")
    .replace(/[\u2060\u2011]/g, (found) => (found === '\u2011' ? '-' : ''))
    .replace(/\s+/g, ' ')
    .trim();

/** What somebody finds. */
async function find(agent: Browser, q: string, scope = ''): Promise<Row[]> {
  const query = new URLSearchParams({ q, ...(scope ? { in: scope } : {}) });
  const { text } = await agent.get(`/${home.slug}/search?${query}`).expect(200);
  return [...text.matchAll(/aria-labelledby="found-(\w+)">(.*?)<\/section>/gs)].flatMap(([, group = '', html = '']) =>
    [...html.matchAll(/<a class="found-row[^"]*" href="([^"]*)"[^>]*>(.*?)<\/a>/gs)].map(([, href = '', row = '']) => ({
      ...{ group, href, text: plain(row) },
    })),
  );
}

const textsIn = async (agent: Browser, q: string, group: string, scope = '') =>
  (await find(agent, q, scope)).filter((row) => row.group === group).map(({ text }) => text);

test('a document is found by its number, its words without accents, its total and its lines', async () => {
  const { number, url } = await sentDocument(portal, home, 'invoice', {
    title: 'Café Theke',
    lines: [{ description: 'Räuchereiche geölt', quantity: '2', unit: 'm', unit_price: '617.25' }],
  });
  const [best] = await find(olivia, number.toLowerCase());
  assert.deepEqual([best?.group, best?.href], ['best', url]);
  assert.match(best?.text ?? '', new RegExp(`Café Theke Invoice ${number} · Maple Street Clinic Open \\$1,234.50`));
  for (const q of ['cafe the', 'Maple theke', '1,234.50', '$1,234.50', '1234.5'])
    assert.match((await textsIn(maya, q, 'documents')).join(), /Café Theke/, q);
  assert.deepEqual(await textsIn(maya, 'raucher', 'lines'), [
    `Räuchereiche geölt on ${number}, Café Theke 2 m × 617.25 $1,234.50`,
  ]);
  assert.deepEqual(await find(olivia, 'nothingofthekind'), []);
});

test('messages and files are found with where they are, and internal notes by their own side alone', async () => {
  const { id, number } = await sentInvoice(portal, home, { title: 'Wardrobe' });
  const maple = partnerActor(home, home.maya);
  const plan = await portal.services.storage.put(Buffer.from('a plan'), 'Grundriss-Größe.txt', 'text/plain');
  await act(portal.knex, home.staff, id, 'comment', { text: 'The hinges are brazen', files: [plan] });
  await act(portal.knex, home.staff, id, 'comment', { text: 'Hinges: mind the margin', audience: 'internal' });
  await act(portal.knex, maple, id, 'comment', { text: 'Hinges cost too much', audience: 'internal' });
  const [forOlivia, forMaya] = [await find(olivia, 'hinges'), await find(maya, 'hinges')];
  assert.deepEqual(
    forOlivia.map(({ text }) => /^.*?(?= Olivia| Maya)/.exec(text)?.[0]),
    ['Hinges: mind the margin', 'The hinges are brazen'],
  );
  assert.match(forOlivia[0]?.text ?? '', new RegExp(`Olivia Grant · on ${number}, Wardrobe · Internal note`));
  assert.match(forOlivia[0]?.href ?? '', /\/documents\/INV-\d+#comment-/);
  assert.deepEqual(
    forMaya.map(({ text }) => /^.*?(?= Olivia| Maya)/.exec(text)?.[0]),
    ['Hinges cost too much', 'The hinges are brazen'],
  );
  for (const agent of [olivia, maya])
    assert.match((await textsIn(agent, 'grundriss grosse', 'files')).join(), /Grundriss-Größe\.txt/);
});

test('staff find partners by name and tax number with what is owed, and their people; contacts find colleagues', async () => {
  const { vendor } = await addVendor(portal, home, `erik.${home.slug}@northern.example`);
  await portal.look(home.organization_id, (db) =>
    db('partners').where({ id: vendor }).update({ tax_number: 'DE 123 456 789' }),
  );
  const [best, ...others] = await find(olivia, 'north');
  assert.deepEqual([best?.group, best?.href], ['best', `/${home.slug}/partners/${vendor}`]);
  assert.match(best?.text ?? '', /^Northern Timber Vendor/);
  assert.ok(others.some(({ group, text }) => group === 'people' && text.includes('Erik Lund')));
  assert.deepEqual((await find(olivia, 'DE123456789', 'partners')).length, 1);
  assert.match((await textsIn(olivia, 'maple', 'best')).join(), /Maple Street Clinic Customer.*Owes \$/);
  assert.match((await textsIn(maya, 'noah', 'people')).join(), /Noah Weiss/);
  assert.deepEqual(await find(maya, 'northern'), []);
  assert.deepEqual(await find(maya, 'erik'), []);
});

test('projects and tasks are found, a project by its key first', async () => {
  const project = await addProject(portal.knex, home.staff, { key: 'aula', name: 'Aula', partner: home.partner_id });
  await addTask(portal.knex, home.staff, project, { title: 'Varnish the aula' });
  const work = await find(olivia, 'aula', 'work');
  assert.deepEqual(
    work.map(({ href }) => href.replace(`/${home.slug}`, '')),
    ['/tasks/TASK-0001', '/projects/AULA'],
  );
  const best = { group: 'best', href: `/${home.slug}/projects/AULA` };
  assert.deepEqual((await find(maya, 'aula')).map(({ group, href }) => ({ group, href }))[0], best);
});

test('counts are of what the reader sees, and each kind is a page', async () => {
  const { text } = await olivia.get(`/${home.slug}/search?q=hinges`).expect(200);
  const counts = (html: string) => plain(/<nav class="search-scopes".*?<\/nav>/s.exec(html)?.[0] ?? '');
  assert.equal(counts(text), 'Everything Messages 2');
  assert.match(text, /2 results for “hinges”/);
  assert.equal((await find(olivia, 'hinges', 'messages')).length, 2);
  const none = await olivia.get(`/${home.slug}/search?q=zzzz`).expect(200);
  assert.match(none.text, /No results for “zzzz”/);
});

test('what begins as an act leads to its page, and pages are found by their names', async () => {
  const acts = await find(olivia, 'new invoice maple');
  assert.deepEqual(
    [acts[0]?.text, acts[0]?.href],
    ['New invoice for Maple Street Clinic', `/${home.slug}/invoices/new?partner=${home.partner_id}`],
  );
  assert.equal((await find(olivia, 'new est'))[0]?.href, `/${home.slug}/estimates/new`);
  assert.equal((await find(maya, 'pay'))[0]?.href, `/${home.slug}/pay`);
  assert.ok((await find(olivia, 'exchange')).some(({ href }) => href.endsWith('/settings/organization/rates')));
  assert.deepEqual(
    (await find(maya, 'exchange')).filter(({ group }) => group === 'actions'),
    [],
  );
});

test('one slip of a letter is forgiven where nothing has the word, among what the reader sees', async () => {
  const { text } = await olivia.get(`/${home.slug}/search?q=wardorbe+maple`).expect(200);
  assert.match(text, /Nothing has “wardorbe maple”. Showing “wardrobe maple”./);
  for (const q of ['wardorbe', 'wardrobbe', 'warfrobe', 'wardobe', 'Wárdorbe'])
    assert.match((await textsIn(maya, q, 'documents')).join(), /Wardrobe/, q);
  assert.match((await textsIn(olivia, 'nrothern', 'best')).join(), /Northern Timber/);
  assert.deepEqual(await find(maya, 'nrothern'), []);
  assert.deepEqual(await find(olivia, 'wadrorbe'), []);
});

test('before anything is typed stand what the reader did last, and the acts that they use most', async () => {
  await sentDocument(portal, home, 'credit_note', { title: 'A hinge less' });
  const [first, ...others] = await find(olivia, '');
  assert.match(first?.text ?? '', /^A hinge less Credit note CN-\d+ · Maple Street Clinic/);
  const acts = others.filter(({ group }) => group === 'actions').map(({ text }) => text);
  assert.deepEqual([acts.length, acts[0]], [4, 'New invoice']);
  assert.ok((await find(maya, '')).every(({ text }) => !text.includes('New invoice')));
});
