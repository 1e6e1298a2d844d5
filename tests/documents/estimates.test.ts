import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { tick } from '../../src/jobs/tick.js';
import { day } from '../support/days.js';
import { press, seenOn } from '../support/forms.js';
import { harbor, type Harbor, sentDocument } from '../support/harbor.js';
import { type ContentFields } from '../../src/document_types/shared/inputs.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});

after(() => portal.close());

const sent = (type: string, fields: Partial<ContentFields> = {}, of = home) => sentDocument(portal, of, type, fields);

/** A desk, panels (ticked), lighting (not ticked), and oak or ash: 1,000 + 500 + 200 + 300 or 250; 8 % tax. */
const OPTIONS: Partial<ContentFields> = {
  lines: [
    { description: 'Reception desk', unit_price: '1000' },
    { group_name: 'Extras', description: 'Acoustic panels', unit_price: '500', choice: 'optional' },
    { group_name: 'Extras', description: 'Night lighting', unit_price: '200', choice: 'optional', picked: false },
    { group_name: 'Wood', description: 'Oak', unit_price: '300', choice: 'alternative' },
    { group_name: 'Wood', description: 'Ash', unit_price: '250', choice: 'alternative' },
  ],
};
for (const line of OPTIONS.lines ?? []) line.tax_rate = '8';

const about =
  (number: string, words = '') =>
  (received: { subject?: string | undefined; text?: string | undefined }) =>
    Boolean(received.subject?.includes(number) && received.text?.includes(words));

const stateOf = (id: string) => portal.look(home.organization_id, (db) => db('documents').where({ id }).first());

const lineIds = async (id: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    (
      await portal.look(home.organization_id, (db) =>
        db('lines').where({ document_id: id }).select('id', 'description'),
      )
    ).map((line: { id: string; description: string }) => [line.description, line.id]),
  );

test('an estimate with options is accepted from the email: the totals follow what is ticked, and both sides are notified', async () => {
  const estimate = await sent('estimate', OPTIONS);
  const received = await portal.post.to(home.maya.email, about(estimate.number));
  assert.match(received.text ?? '', /View and accept/);
  assert.match(received.text ?? '', /valid until/);
  assert.equal(received.attachments[0]?.filename, `${estimate.number}.pdf`);
  const mayas = await portal.open(received);
  const page = await mayas.get(estimate.url).expect(200);
  assert.match(page.text, /\$1,944\.00/); // (1000 + 500 + 300) × 1.08
  const ids = await lineIds(estimate.id);
  const other = await mayas
    .get(`${estimate.url}?choices=1&pick=${ids['Night lighting']}&pick.Wood=${ids['Ash']}`)
    .expect(200);
  assert.match(other.text, /\$1,566\.00/); // (1000 + 200 + 250) × 1.08, without a script and without keeping anything
  const choice = { seen: seenOn(page), choices: '1', pick: [ids['Night lighting']], 'pick.Wood': ids['Ash'] };
  await press(mayas, `${estimate.url}/accept`, choice).expect(303);
  const row = await stateOf(estimate.id);
  assert.deepEqual([row.state, row.total, row.version], ['accepted', 156_600, 2]);
  await portal.post.to(home.olivia.email, about(estimate.number, 'Maya Chen accepted'));
  await portal.post.to(home.maya.email, about(estimate.number, 'accepted'));
  await press(mayas, `${estimate.url}/accept`, choice).expect(409);
  const changed = await mayas.get(`${estimate.url}/versions/2`).expect(200);
  assert.match(changed.text, /Night lighting: choice/);
});

test('an acceptance that comes back keeps its ticks, and says what none of its fields can', async () => {
  const estimate = await sent('estimate', { ...OPTIONS, reference_required: true });
  const ids = await lineIds(estimate.id);
  const mayas = await portal.signIn(home.maya.email);
  const ticked = (html: string) =>
    Object.keys(ids).filter((line) => new RegExp(`value="${ids[line]}"[^>]*\\schecked`).test(html));
  const page = await mayas.get(estimate.url);
  assert.deepEqual(ticked(page.text).toSorted(), ['Acoustic panels', 'Oak']);
  const choice = { seen: seenOn(page), choices: '1', pick: [ids['Night lighting']], 'pick.Wood': ids['Ash'] };
  const { text } = await press(mayas, `${estimate.url}/accept`, { ...choice, reference: '' }).expect(422);
  assert.match(text, /Give your order number\./);
  assert.deepEqual(ticked(text).toSorted(), ['Ash', 'Night lighting']);
  // Where accepting takes one click, no field can show it.
  const other = await sent('estimate');
  const long = await press(mayas, `${other.url}/accept`, { reference: 'x'.repeat(201) }).expect(422);
  assert.match(long.text, /Use at most 200 characters\./);
});

test('what was written for an act that came too late is kept, as a message that is not sent yet', async () => {
  const estimate = await sent('estimate');
  const mayas = await portal.signIn(home.maya.email);
  await act(portal.knex, home.staff, estimate.id, 'void', { reason: 'Priced wrong' });
  const typed = { message: 'In ash, please, and a little lower.' };
  const { text } = await press(mayas, `${estimate.url}/request_changes`, typed).expect(409);
  assert.match(text, /is “Voided”: this can’t be done to it now\. What you wrote is in the message below\./);
  assert.match(text, /name="text"[^>]*>In ash, please, and a little lower\.<\/textarea>/);
});

test('two people accept and decline at once: one wins, the other sees what happened', async () => {
  const estimate = await sent('estimate');
  const mayas = await portal.open(await portal.post.to(home.maya.email, about(estimate.number)));
  const seen = seenOn(await mayas.get(estimate.url));
  const answers = await Promise.all([
    ...[1, 2, 3].map(() => press(mayas, `${estimate.url}/accept`, { seen })),
    press(mayas, `${estimate.url}/decline`, { seen, reason: 'Too late' }),
  ]);
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 409, 409, 409],
  );
  const activities = await portal.look(home.organization_id, (db) =>
    db('activities').where({ subject_id: estimate.id }).whereIn('action', ['accept', 'decline']),
  );
  assert.equal(activities.length, 1);
});

test('changes are asked for, a revision says what changed, and an acceptance of the old version is stopped', async () => {
  const estimate = await sent('estimate');
  const mayas = await portal.open(await portal.post.to(home.maya.email, about(estimate.number)));
  const seen = seenOn(await mayas.get(estimate.url));
  await press(mayas, `${estimate.url}/request_changes`, { seen, message: '' })
    .expect(422)
    .expect(/Fill this in/);
  await press(mayas, `${estimate.url}/request_changes`, { seen, message: 'In ash, please.' }).expect(303);
  await portal.post.to(home.olivia.email, about(estimate.number, 'In ash, please.'));
  const olivias = await portal.signIn(home.olivia.email);
  const edit = await olivias.get(`${estimate.url}/edit`).expect(200);
  const ids = await lineIds(estimate.id);
  const form = {
    title: 'Reception',
    issued_on: day(0),
    due_on: day(10),
    'recipient[]': [home.maya.id],
    'line_id[]': [ids['Desk']],
  };
  const revised = {
    ...form,
    'line_description[]': ['Desk in ash'],
    'line_price[]': ['120.00'],
    'line_quantity[]': ['1'],
    message: 'Here it is.',
  };
  await press(olivias, `${estimate.url}/revise`, { seen: seenOn(edit), ...revised }).expect(303);
  const received = await portal.post.to(home.maya.email, about(estimate.number, 'new version'));
  assert.match(received.text ?? '', /Here it is\./);
  const stopped = await press(mayas, `${estimate.url}/accept`, { seen }).expect(409);
  assert.match(stopped.text, /Desk in ash: price/);
  const version = await mayas.get(`${estimate.url}/versions/2`).expect(200);
  assert.match(version.text, /What changed[\s\S]*Desk in ash: words[\s\S]*100[\s\S]*120/);
  await mayas.get(`${estimate.url}/versions/9`).expect(404);
  await press(mayas, `${estimate.url}/accept`, { seen: seenOn(await mayas.get(estimate.url)) }).expect(303);
});

test('an estimate expires when its last day ends where the organization is; too late is too late', async () => {
  const estimate = await sent('estimate', { due_on: day(1) });
  const mayas = await portal.open(await portal.post.to(home.maya.email, about(estimate.number)));
  const seen = seenOn(await mayas.get(estimate.url));
  await tick(portal.knex, new Date(`${day(1)}T23:30:00Z`));
  assert.equal((await stateOf(estimate.id)).state, 'sent');
  await tick(portal.knex, new Date(`${day(2)}T00:10:00Z`));
  assert.equal((await stateOf(estimate.id)).state, 'expired');
  await portal.post.to(home.maya.email, about(estimate.number, 'expired'));
  await press(mayas, `${estimate.url}/accept`, { seen }).expect(409);
});

test('a customer is reminded of an answer, twice at the most', async () => {
  const estimate = await sent('estimate', { due_on: day(20) });
  for (const days of [3, 6, 7, 12, 13, 19]) await tick(portal.knex, new Date(`${day(days)}T10:00:00Z`));
  const reminders = await portal.look(home.organization_id, (db) =>
    db('activities').where({ subject_id: estimate.id, action: 'remind' }),
  );
  assert.equal(reminders.length, 2);
});

test('an acceptance on behalf needs its proof, which the customer sees', async () => {
  const estimate = await sent('estimate');
  const olivias = await portal.signIn(home.olivia.email);
  await press(olivias, `${estimate.url}/accept_on_behalf`, {})
    .expect(422)
    .expect(/Choose a file/);
  await olivias
    .post(`${estimate.url}/accept_on_behalf`)
    .field('seen', seenOn(await olivias.get(estimate.url)))
    .attach('files', Buffer.from('%PDF-1.4\n'), 'signed-by-hand.pdf')
    .expect(303);
  const received = await portal.post.to(home.maya.email, about(estimate.number, 'on behalf of'));
  const mayas = await portal.open(received);
  await mayas
    .get(estimate.url)
    .expect(200)
    .expect(/signed-by-hand\.pdf/);
});
