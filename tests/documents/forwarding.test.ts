import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { flood } from '../support/flood.js';
import { press, refused, textOf } from '../support/forms.js';
import { harbor, partnerActor, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const about =
  (words: string) =>
  ({ text }: { text?: string | undefined }) =>
    text?.includes(words) ?? false;

test('a guest of another company gets what was forwarded: no internal note, no move, nothing that follows', async () => {
  const home = await harbor(portal);
  const estimate = await sentDocument(portal, home, 'estimate', { deposit_percent: '25' });
  const { knex } = portal;
  const maya = partnerActor(home, home.maya);
  await act(knex, home.staff, estimate.id, 'comment', { text: 'The oak is 5 percent off for you alone' });
  const ines = { name: 'Ines Roth', email: `ines.${home.slug}@adviser.example` };
  const message = 'Fair? I found 1.5 weeks at https://rival.example/offer and rival.example.';
  await act(knex, maya, estimate.id, 'forward', { ...ines, message });

  const received = await portal.post.to(ines.email, 'forwarded');
  const text = received.text ?? '';
  assert.match(
    text,
    /Maya Chen wrote this, not Harbor & Pine\.\s+> Fair\? I found 1\.5 weeks at rival\[\.\]example\/of/,
  );
  assert.match(String(received.html), /Maya Chen wrote this, not Harbor &amp; Pine\./);
  assert.doesNotMatch(`${text} ${String(received.html)}`, /rival\.example|oak|accept/i);
  assert.match(text, /View estimate/);

  const guest = await portal.signIn(ines.email);
  const page = textOf((await guest.get(estimate.url).expect(200)).text);
  assert.doesNotMatch(page, /Your move|Waiting for you|Only your side sees this/);
  assert.doesNotMatch(textOf((await guest.get(`/${home.slug}`)).text), /Your move|To pay|sent you/);

  await act(knex, maya, estimate.id, 'comment', { text: 'Offer them 10 less', audience: 'internal' });
  const jo = { name: 'Jo Second', email: `jo.${home.slug}@other.example` };
  await act(knex, maya, estimate.id, 'forward', jo);
  await act(knex, maya, estimate.id, 'accept');
  await act(knex, home.staff, estimate.id, 'comment', { text: 'We begin on Monday' });
  await portal.post.to(ines.email, 'We begin on Monday');
  await portal.idle();
  const told = portal.post.emails.filter(({ recipient }) => recipient === ines.email);
  assert.deepEqual(
    told.filter((one) => !/^\d{6} /.test(one.subject ?? '')).map((one) => (one.text ?? '').split('\n')[0]),
    [`Maya Chen forwarded estimate ${estimate.number} to you`, `Olivia Grant wrote about estimate ${estimate.number}`],
  );
  const after = (await guest.get(estimate.url).expect(200)).text;
  assert.doesNotMatch(after, /Offer them 10 less|Jo Second/);
  assert.match(after, /We begin on Monday/);
  await press(guest, `${estimate.url}/comment`, { text: 'Between us', audience: 'internal' }).expect(422);
  // What a guest writes reaches both sides, not other guests; and not without end.
  await press(guest, `${estimate.url}/comment`, { text: 'Looks fair' }).expect(303);
  await portal.post.to(home.maya.email, 'Looks fair');
  await portal.idle();
  assert.ok(!portal.post.emails.some((one) => one.recipient === jo.email && /Looks fair/.test(one.text ?? '')));

  const { id: person_id } = await portal.look(home.organization_id, (db) =>
    db('people').where({ email: ines.email }).first('id'),
  );
  await flood(portal, home, person_id, 29);
  const late = await refused(guest, `${estimate.url}/comment`, 422, { text: 'One more' });
  assert.match(textOf(late), /You’ve written 30 messages in 60 minutes\. Your text is kept\. Try again /);
  assert.match(late, />One more<\/textarea>/);

  // The deposit's invoice and a copy go to Maya alone.
  const others = await portal.look(home.organization_id, (db) =>
    db('documents').whereNot({ id: estimate.id }).pluck('id'),
  );
  const copy = await act(knex, home.staff, estimate.id, 'copy');
  const contacts = await portal.look(home.organization_id, (db) =>
    db('participants as x')
      .join('people as p', 'p.id', 'x.person_id')
      .whereIn('x.subject_id', [...others, copy.created_id])
      .whereNotNull('p.partner_id')
      .distinct()
      .pluck('p.name'),
  );
  assert.equal(others.length, 1);
  assert.deepEqual(contacts, [home.maya.name]);
  const desk = await portal.signIn(home.olivia.email);
  const form = await desk.get(`/${home.slug}/estimates/new?partner=${home.partner_id}`).expect(200);
  const ticked = [...form.text.matchAll(/<input[^>]*name="recipient\[\]"[^>]*>/g)].filter(([tag]) =>
    /checked/.test(tag),
  );
  assert.equal(ticked.length, 1);
  assert.ok(ticked[0]?.[0].includes(home.maya.id));
});

test('forwarding has an end: per document and per person in a day, and what was typed stays', async () => {
  const home = await harbor(portal);
  const [first, second, third] = [
    await sentDocument(portal, home, 'estimate'),
    await sentDocument(portal, home, 'estimate'),
    await sentDocument(portal, home, 'estimate'),
  ];
  const mayas = await portal.signIn(home.maya.email);
  let made = 0;
  const stranger = () => ({ name: 'A Stranger', email: `stranger${++made}.${home.slug}@nowhere.example` });
  const forwards = async (url: string, times: number) => {
    for (let i = 0; i < times; i++) await press(mayas, `${url}/forward`, stranger()).expect(303);
  };
  await forwards(first.url, 10);
  const page = await refused(mayas, `${first.url}/forward`, 422, { name: 'Eve Last', email: 'eve@nowhere.example' });
  assert.match(textOf(page), /This was forwarded 10 times in a day\. Try again /);
  assert.match(page, /value="Eve Last"/);
  // A colleague doesn't help: it counts what was done to the document.
  await assert.rejects(act(portal.knex, partnerActor(home, home.noah), first.id, 'forward', stranger()), {
    status: 422,
  });
  await forwards(second.url, 10);
  assert.match(
    textOf(await refused(mayas, `${third.url}/forward`, 422, stranger())),
    /You’ve forwarded documents 20 times in a day\. Try again /,
  );
  await act(portal.knex, partnerActor(home, home.noah), third.id, 'forward', stranger());
  const tomorrow = { ...partnerActor(home, home.maya), now: new Date(Date.now() + 25 * 3_600_000) };
  await act(portal.knex, tomorrow, third.id, 'forward', stranger());
  await portal.post.to(home.olivia.email, about('forwarded'));
});
