import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { canonicalAddress, isEmail, shownAddress } from '../../src/input/email_address.js';
import { oneLine } from '../../src/input/valid_input.js';
import { newContact } from '../../src/people/partner.js';
import { validSignature } from '../../src/signing/signature.js';
import { errorsIn, post, refused } from '../support/forms.js';
import { harbor, type Harbor, partnerActor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

/** Names that show nothing: zero-width, soft hyphen, fillers, marks of direction, a blank pattern, lone accents. */
const NOTHING = [
  '\u200b',
  '\u00ad\u2060',
  '\u3164',
  '\u115f\u1160',
  '\u202e\u2066',
  '\u2800',
  '\u0301\u0308',
  '\ue000',
  '\ufe0f',
];

test('a name that shows nothing is none, wherever names are asked for', async () => {
  for (const name of NOTHING) {
    const code = name.codePointAt(0)?.toString(16);
    assert.equal(oneLine(` ${name} `), '', code);
    assert.throws(() => validSignature({ name, agreed: true }), { status: 422 }, code);
  }
  assert.throws(() => validSignature({ name: '…', agreed: true }), { status: 422 });
  const invoice = await sentInvoice(portal, home);
  const maya = partnerActor(home, home.maya);
  const email = 'nobody@maple.example';
  await assert.rejects(act(portal.knex, maya, invoice.id, 'forward', { name: '\u200b', email }), { status: 422 });
  await assert.rejects(newContact(portal.knex, home.staff, home.partner_id, { name: '\u3164', email }), {
    status: 422,
  });
  await assert.rejects(act(portal.knex, maya, invoice.id, 'comment', { text: '\u200b' }), { status: 422 });
  const desk = await portal.signIn(home.olivia.email);
  const contact = { name: '\u200b\u2060', email, locale: 'en-US', time_zone: 'UTC' };
  const page = await refused(desk, `/${home.slug}/partners/${home.partner_id}/contacts`, 422, contact);
  assert.deepEqual(errorsIn(page), ['Fill this in.']);
});

test('what belongs to a name stays: joiners of Persian, Indic and emoji; what only hides goes', () => {
  const names = ['علی‌رضا', 'क्‍ष', '👩‍🔧 Repairs', '❤️ Bakery', 'Søren Łukasiewicz-Ñandú', '東京'];
  for (const name of names) assert.equal(oneLine(name), name);
  assert.equal(oneLine('Ma\u200bya\u202e Chen\u2069'), 'Maya Chen');
  assert.equal(oneLine('\u200dMaya\u200c'), 'Maya');
});

test('addresses of other alphabets are taken, stored in one form and shown as they are written', async () => {
  const typed = 'Info@Müller-Bau.example';
  assert.equal(canonicalAddress(typed), 'info@xn--mller-bau-q9a.example');
  assert.equal(canonicalAddress(shownAddress(canonicalAddress(typed))), canonicalAddress(typed));
  assert.ok(isEmail(typed) && isEmail('sales@例え.テスト'));
  const hidden = [
    'info@mü\u200bller.example',
    'in\u00adfo@mueller.example',
    'info\u202e@a.example',
    'a@b',
    'a@-.example',
  ];
  assert.deepEqual(hidden.filter(isEmail), []);
  // A look-alike is another address.
  assert.notEqual(canonicalAddress('info@раypal.example'), canonicalAddress('info@paypal.example'));

  const desk = await portal.signIn(home.olivia.email);
  const url = `/${home.slug}/partners/${home.partner_id}`;
  const contact = { name: 'Uwe Müller', email: typed, locale: 'de-DE', time_zone: 'UTC' };
  await post(desk, `${url}/contacts`, contact);
  const ascii = { ...contact, email: 'info@xn--mller-bau-q9a.example' };
  assert.match((await refused(desk, `${url}/contacts`, 422, ascii)) ?? '', /This address is a contact already/);
  const page = await desk.get(url).expect(200);
  assert.ok(page.text.includes('info@müller-bau.example') && !page.text.includes('xn--'));
  const agent = portal.browser();
  await agent.post('/sign-in').type('form').send({ email: typed }).expect(303);
  // Their server's library shows the domain as people write it.
  await portal.post.to('info@müller-bau.example', ({ subject }) => /^\d{6} /.test(subject ?? ''));
  await refused(desk, `${url}/contacts`, 422, { ...contact, email: 'info@mü\u200bller.example' });
});
