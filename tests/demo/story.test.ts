import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { demoZone } from '../../src/demo/dns_zone.js';
import { playDemo } from '../../src/demo/story/play.js';
import { readStory } from '../../src/demo/story/story.js';
import { types } from '../../src/document_types/index.js';
import { OPEN } from '../../src/documents/content/sums.js';
import { codeInMailbox, mailboxOf, openDemo } from '../support/demo.js';
import type { Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openDemo()));
after(() => portal.close());

const inbox = (address: string) => mailboxOf(portal, address);
const organization = async (slug: string): Promise<string> =>
  (await portal.knex('organizations').where({ slug }).first('id')).id;

/** The columns of every document, in the order of numbers. */
const standing = async (slug: string, type: string, columns: string): Promise<unknown[][]> => {
  const { rows } = await portal.look(await organization(slug), (db) =>
    db.raw<{ rows: object[] }>(
      `select ${columns} from documents d where ${type} order by type, number nulls last, title`,
    ),
  );
  return rows.map((row) => Object.values(row));
};

/** Number (or title, for a draft), state, version, total, what is owed, reminders, and the states of its payments. */
const INVOICE = `coalesce(number, title), state, version, total, ${OPEN} as open,
  (select count(*)::int from activities a where a.subject_id = d.id and action = 'remind') as reminders,
  coalesce((select string_agg(p.state, ',') from payment_parts p where p.document_id = d.id), '') as paid`;

test('The story holds an invoice in every state, with what is owed to the cent', async () => {
  assert.deepEqual(await standing('harbor', `type = 'invoice'`, INVOICE), [
    ['INV-0035', 'paid', 1, 348_840, 0, 0, 'succeeded'],
    ['INV-0036', 'paid', 1, 307_020, 0, 1, 'succeeded'],
    ['INV-0037', 'paid', 2, 706_320, 0, 1, 'succeeded'],
    ['INV-0038', 'void', 1, 285_600, 0, 0, ''],
    ['INV-0039', 'written_off', 1, 84_240, 0, 3, 'succeeded'],
    ['INV-0040', 'sent', 1, 238_595, 238_595, 4, ''],
    ['INV-0041', 'partly_paid', 1, 751_680, 375_840, 2, 'succeeded'],
    ['INV-0042', 'sent', 1, 1_212_624, 1_212_624, 0, ''],
    ['INV-0043', 'sent', 1, 368_900, 368_900, 0, 'processing'],
    ['INV-0044', 'sent', 2, 173_340, 173_340, 0, ''],
    ['INV-0045', 'sent', 1, 53_550, 53_550, 0, ''],
    ['INV-0046', 'partly_paid', 1, 581_904, 376_013, 0, ''],
    ['INV-0047', 'sent', 1, 22_850, 22_850, 0, ''],
    ['Reception fit-out, final instalment', 'draft', 0, 497_664, 0, 0, ''],
  ]);
  assert.deepEqual(await standing('quayside', 'true', INVOICE), [
    ['INV-0211', 'paid', 1, 156_000, 0, 0, 'succeeded'],
    ['INV-0212', 'paid', 1, 75_500, 0, 0, 'succeeded'],
    ['INV-0213', 'sent', 1, 104_500, 104_500, 0, ''],
    ['INV-0214', 'sent', 1, 75_500, 75_500, 0, ''],
    ['PO-0062', 'sent', 1, 52_200, 0, 0, ''],
  ]);
});

/** Number (or title, for a draft), state, version, total, and what is open: owed, or still to a customer's credit. */
const DOCUMENT = `coalesce(number, title), state, version, total, ${OPEN} as open`;

test('Every other document stands where the story leaves it', async () => {
  assert.deepEqual(await standing('harbor', `type <> 'invoice'`, DOCUMENT), [
    ['BILL-0031', 'paid', 2, 255_600, 0],
    ['BILL-0032', 'paid', 1, 228_000, 0],
    ['BILL-0033', 'rejected', 1, 17_000, 0],
    ['BILL-0034', 'scheduled', 1, 38_000, 38_000],
    ['BILL-0035', 'in_revision', 1, 56_300, 0],
    ['BILL-0036', 'matching', 1, 87_850, 0],
    ['BILL-0037', 'approved', 1, 42_000, 42_000],
    ['BILL-0038', 'submitted', 1, 6_500, 0],
    ['Wiring of the reception desk', 'draft', 0, 118_000, 0],
    ['CO-0003', 'accepted', 1, 103_680, 0],
    ['CO-0004', 'sent', 1, 109_728, 0],
    ['CN-0002', 'sent', 1, 17_255, 17_255],
    ['CN-0003', 'applied', 1, 31_320, 0],
    ['EST-0024', 'accepted', 1, 2_416_608, 0],
    ['EST-0025', 'accepted', 2, 581_904, 0],
    ['EST-0026', 'accepted', 2, 368_900, 0],
    ['EST-0027', 'declined', 1, 117_936, 0],
    ['EST-0028', 'expired', 1, 284_040, 0],
    ['EST-0029', 'void', 1, 123_760, 0],
    ['EST-0030', 'accepted', 2, 510_510, 0],
    ['EST-0031', 'changes_requested', 1, 244_080, 0],
    ['EST-0032', 'sent', 1, 312_984, 0],
    ['EST-0033', 'sent', 1, 1_251_600, 0],
    ['Partition in glass and ash, office', 'draft', 0, 791_640, 0],
    ['PRO-0011', 'awarded', 2, 255_600, 0],
    ['PRO-0012', 'awarded', 2, 156_000, 0],
    ['PRO-0013', 'not_awarded', 2, 169_200, 0],
    ['PRO-0014', 'expired', 1, 0, 0],
    ['PRO-0015', 'withdrawn', 2, 37_000, 0],
    ['PRO-0016', 'rejected', 1, 0, 0],
    ['PRO-0017', 'submitted', 2, 443_000, 0],
    ['PRO-0018', 'submitted', 2, 625_000, 0],
    ['PRO-0019', 'submitted', 2, 629_600, 0],
    ['PRO-0020', 'requested', 1, 0, 0],
    ['PRO-0021', 'requested', 1, 0, 0],
    ['PO-0014', 'billed', 2, 255_600, 0],
    ['PO-0015', 'partly_billed', 1, 156_000, 0],
    ['PO-0016', 'closed', 1, 228_000, 0],
    ['PO-0017', 'declined', 1, 68_400, 0],
    ['PO-0018', 'billed', 2, 82_900, 0],
    ['PO-0019', 'acknowledged', 1, 91_200, 0],
    ['PO-0020', 'sent', 1, 156_600, 0],
    ['PO-0021', 'sent', 1, 44_000, 0],
    ['PO-0022', 'acknowledged', 2, 426_000, 0],
    ['Emergency lights, corridor', 'draft', 0, 28_800, 0],
    ['RFP-0005', 'awarded', 1, 0, 0],
    ['RFP-0006', 'cancelled', 1, 0, 0],
    ['RFP-0007', 'sent', 1, 0, 0],
    ['RFP-0008', 'sent', 1, 0, 0],
    ['Ash frames for a glass partition', 'draft', 0, 0, 0],
    ['RET-0004', 'paid', 1, 174_571, 0],
    ['RET-0005', 'sent', 1, 204_204, 204_204],
    ['SO-0012', 'partly_invoiced', 2, 2_416_608, 0],
    ['SO-0013', 'invoiced', 2, 368_900, 0],
    ['SO-0014', 'invoiced', 1, 581_904, 0],
    ['SO-0015', 'accepted', 2, 415_800, 0],
    ['SO-0016', 'sent', 1, 510_510, 0],
    ['WO-0006', 'acknowledged', 1, 46_800, 0],
    ['WO-0007', 'billed', 1, 42_000, 0],
    ['WO-0008', 'sent', 1, 27_400, 0],
  ]);
});

test('Two projects hold together what customer and vendors have to do with each other', async () => {
  const rows = await standing(
    'harbor',
    'true',
    `type, (select key from projects p where p.organization_id = d.organization_id and p.id = d.project_id) as project`,
  );
  const typesIn = (project: string) => [...new Set(rows.filter(([, key]) => key === project).map(([type]) => type))];
  assert.deepEqual(typesIn('MAPLE'), types.map(({ name }) => name).toSorted());
  assert.deepEqual(typesIn('AURORA'), [
    'credit_note',
    'estimate',
    'invoice',
    'proposal',
    'purchase_order',
    'request_for_proposal',
    'retainer_invoice',
    'sales_order',
  ]);
});

test('The fit-out has a conversation of its own: Maya wrote by email, and Tom answered from the desk', async () => {
  const said = await portal.look(await organization('harbor'), (db) =>
    db('comments as c')
      .join('subjects as s', 's.id', 'c.subject_id')
      .join('people as p', 'p.id', 'c.person_id')
      .where({ 's.kind': 'project', 's.number': 'MAPLE' })
      .orderBy('c.id')
      .select('p.name', 'c.via', 'c.audience'),
  );
  assert.deepEqual(
    said.map(({ name, via, audience }: Record<string, string>) => [name, via, audience]),
    [
      ['Tom Reyes', 'portal', 'shared'],
      // What Maya forwarded is her side's until she shares it.
      ['Maya Chen', 'email', 'partner'],
      ['Maya Chen', 'portal', 'shared'],
      ['Tom Reyes', 'portal', 'shared'],
      ['Tom Reyes', 'portal', 'shared'],
      ['Noah Weiss', 'email', 'shared'],
      ['Tom Reyes', 'portal', 'shared'],
      ['Maya Chen', 'email', 'shared'],
      ['Tom Reyes', 'portal', 'staff'],
      ['Tom Reyes', 'portal', 'shared'],
    ],
  );
});

test('The fit-out is half way, with a late task and one that waits for a signature; the café’s bench has begun', async () => {
  const tasks = await portal.look(await organization('harbor'), (db) =>
    db('tasks as t')
      .join('projects as j', 'j.id', 't.project_id')
      .where({ 't.kind': 'task' })
      .select('j.key', 't.title', 't.state', 't.reason', 't.document_id', 't.planned_due_on', 't.due_on'),
  );
  const count = (key: string, state: string) => tasks.filter((one) => one.key === key && one.state === state).length;
  const counts = (key: string) => ['done', 'started', 'open'].map((state) => count(key, state));
  assert.deepEqual(
    [counts('MAPLE'), counts('AURORA')],
    [
      [7, 2, 7],
      [1, 1, 6],
    ],
  );
  const late = tasks.filter((one) => one.planned_due_on < one.due_on);
  assert.deepEqual(
    late.map(({ title, reason }) => [title, /felt came four days late/.test(reason)]),
    [['Acoustic panels', true]],
  );
  const held = tasks.filter(({ document_id }) => document_id);
  assert.deepEqual(
    held.map(({ title }) => title),
    ['Hearing loop'],
  );
});

test('Of each type there is every state but these', async () => {
  const found = new Set((await standing('harbor', 'true', `type || ' ' || state`)).map(String));
  const missing = types.map(({ name, states }) =>
    [name, ...states.filter((state) => state !== 'discarded' && !found.has(`${name} ${state}`))].join(' '),
  );
  assert.deepEqual(missing.toSorted(), [
    'bill partly_approved partly_paid void',
    'change_order draft changes_requested declined expired void',
    'credit_note draft void',
    'estimate',
    'invoice',
    'proposal draft',
    'purchase_order cancelled',
    'request_for_proposal',
    'retainer_invoice draft partly_paid void written_off',
    'sales_order draft closed void',
    'work_order draft declined partly_billed closed cancelled',
  ]);
});

test('What was asked for is there: a signature, dates that a vendor proposed, a differing bill, one sent back, a line rejected', async () => {
  const rows = await standing(
    'harbor',
    'true',
    `number, signature_required, (select count(*)::int from signatures s where s.document_id = d.id) as signed,
     json_array_length(proposed) as proposed, differences->0->>'field' as differs,
     (select count(*)::int from lines l where l.document_id = d.id and refused) as refused,
     (select count(*)::int from lines l where l.document_id = d.id and choice <> '') as options`,
  );
  const marked = rows.filter(([, ...marks]) => marks.some((mark) => mark !== null && mark !== 0 && mark !== false));
  assert.deepEqual(
    marked.filter(([number]) => !String(number).startsWith('PRO-0015')),
    [
      ['BILL-0035', false, 0, null, 'added', 0, 0],
      ['BILL-0036', false, 0, null, 'unit_price', 0, 0],
      ['CO-0004', true, 0, null, null, 0, 0],
      ['EST-0024', true, 1, null, null, 0, 2],
      ['EST-0025', false, 0, null, null, 0, 4],
      ['EST-0030', false, 0, null, null, 0, 2],
      ['EST-0032', false, 0, null, null, 0, 6],
      ['EST-0033', false, 0, null, null, 0, 1],
      ['PRO-0011', false, 0, null, null, 2, 0],
      ['PRO-0012', false, 0, null, null, 1, 0],
      ['PRO-0013', false, 0, null, null, 1, 0],
      ['PRO-0017', false, 0, null, null, 1, 0],
      ['PO-0018', true, 1, null, null, 0, 0],
      ['PO-0020', false, 0, 2, null, 0, 0],
      ['WO-0008', true, 0, null, null, 0, 0],
    ],
  );
});

test('What happened lies in the past two months, in its order; a second play changes nothing', async () => {
  const harbor = await organization('harbor');
  const past = await portal.look(harbor, (db) =>
    db('activities').orderBy('id').select<{ created_at: Date }[]>('created_at'),
  );
  const times = past.map(({ created_at }) => created_at.getTime());
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  assert.ok((times[0] ?? 0) > Date.now() - 62 * 86_400_000 && (times.at(-1) ?? Infinity) < Date.now());

  const counts = () =>
    portal.look(harbor, async (db) =>
      Promise.all(
        ['activities', 'emails', 'comments', 'files', 'people'].map((table) =>
          db(table).where({ organization_id: harbor }).count(),
        ),
      ),
    );
  const before = await counts();
  await playDemo(portal.services);
  assert.deepEqual(await counts(), before);
  assert.equal((await portal.knex('organizations')).length, 2);
});

test('Whoever is asked for something finds it in the inbox, the newest on top', async () => {
  const [top] = await inbox('maya@maple.example');
  assert.equal(top?.subject, '[Harbor & Pine] Estimate EST-0032');
  assert.match(top.text, /three extras to tick/);
  const asked: Record<string, string[]> = {
    'maya@maple.example': ['Change order CO-0004', 'Estimate EST-0032'],
    'lena@aurora.example': ['Auftrag SO-0016', 'Anzahlungsrechnung RET-0005'],
    'camille@lumiere.example': ['Devis EST-0033'],
    'iker@maderas.example': ['Pedido de compra PO-0022'],
    'erik@northern.example': ['Proposal PRO-0020', 'Purchase order PO-0020'],
    'priya@brightline.example': ['Purchase order PO-0021', 'Purchase order PO-0062'],
    'sam@volt.example': ['Proposal PRO-0021', 'Work order WO-0008', 'Bill BILL-0035'],
    'olivia@harbor.example': ['Purchase order PO-0020', 'Bill BILL-0038'],
    'tom@harbor.example': ['Bill BILL-0036', 'Estimate EST-0031', 'Proposal PRO-0019'],
  };
  for (const [address, documents] of Object.entries(asked)) {
    const subjects = (await inbox(address)).map(({ subject }) => subject);
    for (const document of documents)
      assert.ok(
        subjects.some((subject) => subject.endsWith(`] ${document}`)),
        `${address}: ${document}`,
      );
  }
  assert.equal((await inbox('hanna@maple.example')).at(-1)?.subject, '[Harbor & Pine] Estimate EST-0024');
});

/** Signs in with the code that the mailbox got. */
async function codeFrom(email: string) {
  const agent = portal.browser();
  const code = await codeInMailbox(portal, email);
  await agent.post('/sign-in').type('form').send({ email }).expect(303);
  await agent
    .post('/sign-in/code')
    .type('form')
    .send({ code: await code() })
    .expect(303);
  return agent;
}

test('A vendor sees neither another’s proposal nor what staff say among themselves', async () => {
  const priya = await codeFrom('priya@brightline.example');
  await priya.get('/harbor/documents/PRO-0017').expect(404);
  await priya.get('/harbor/documents/RFP-0007').expect(404);
  const { text } = await priya.get('/harbor/documents/BILL-0036').expect(200);
  assert.match(text, /The maker put the price up/);
  assert.doesNotMatch(text, /I would let it pass/);
});

test('Every sample person can send: their domain is in the demo’s zone', () => {
  for (const { owner, staff, partners } of ['harbor', 'quayside'].map(readStory)) {
    const contacts = Object.values(partners).flatMap((partner) => Object.values(partner.contacts));
    for (const { email } of [owner, ...Object.values(staff), ...contacts])
      assert.ok((email.split('@')[1] ?? '') in demoZone, email);
  }
});

test('Everybody begins with a few new things; what is older was read, and its emails were sent all the same', async () => {
  const id = await organization('harbor');
  const news = await portal.look(id, (db) =>
    db('people')
      .where({ organization_id: id, pending: false })
      .select('name', db.raw('unread_things(organization_id, id) as unread')),
  );
  const unreadBy = (name: string) => news.find((one) => one.name === name)?.unread;
  assert.deepEqual(['Maya Chen', 'Olivia Grant', 'Priya Nair'].map(unreadBy), [3, 3, 3]);
  assert.ok(news.every(({ unread }) => unread <= 3));
  const mails = (await inbox('maya@maple.example')).filter(({ text }) => text.includes('EST-0024'));
  assert.ok(mails.length > 0, 'the oldest are there');
});

test('The budget counts what its documents come to, and shows none of it to the clinic', async () => {
  const sums = await portal.look(await organization('harbor'), (db) =>
    db('budget_items as i')
      .join('budget_item_sums as s', 's.item_id', 'i.id')
      .whereIn('i.name', ['Reception desk, ash', 'Hearing loop', 'Wall lights and switch, entrance'])
      .orderBy('i.name')
      .select('i.name', 'i.cost', 'i.price', 's.accepted', 's.offered', 's.invoiced', 's.ordered', 's.billed'),
  );
  assert.deepEqual(
    sums.map((row) => Object.values(row)),
    [
      ['Hearing loop', 80_000, 101_600, 0, 101_600, 0, 44_000, 0],
      ['Reception desk, ash', 1_137_500, 1_820_000, 1_820_000, 0, 1_400_000, 255_600, 255_600],
      ['Wall lights and switch, entrance', 82_900, 112_500, 0, 0, 0, 82_900, 87_850],
    ],
  );
  const maya = await codeFrom('maya@maple.example');
  await maya.get('/harbor/projects/MAPLE/budget').expect(404);
  const { text } = await maya.get('/harbor/projects/MAPLE').expect(200);
  assert.match(text, /7 of 16 tasks done/);
  assert.match(text, /class="money-head">\$35,179\.92 agreed/);
  assert.doesNotMatch(text, /11,375|markup|margin/i);
});
