import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withActor } from '../../src/db/scope.js';
import { storeMethod } from '../../src/payments/methods/store_method.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { account, allowDebit, BOUNCING, card, checkOut, DECLINED, TO_CONFIRM } from '../support/checkout.js';
import { errorsIn, post, press, textOf } from '../support/forms.js';
import { harbor, type Harbor, sentInvoice, type Sent } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

// Cards and accounts: the sandbox's form, what is saved of them, paying with that, and what is offered at all.

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const stateOf = (home: Harbor, { id }: Sent): Promise<string> =>
  portal.look(home.organization_id, async (db) => (await db('documents').where({ id }).first('state')).state);

const savedIn = (home: Harbor) =>
  portal.look(home.organization_id, (db) => db('payment_methods').where({ removed_at: null }).orderBy('id').select());

async function begin(browser: Browser, invoice: Sent, method = 'card'): Promise<string> {
  const { headers } = await press(browser, `${invoice.url}/pay`, { part: 'whole', method }).expect(303);
  return String(headers['location']);
}

/** Maya saves what she types, on the page without a payment. */
async function save(home: Harbor, maya: Browser, typed = card(), method = 'card') {
  const page = await maya.post(`/${home.slug}/payment-methods`).type('form').send({ method }).expect(303);
  return post(maya, String(page.headers['location']), typed);
}

test('a card is saved while paying; a colleague pays with it, without typing it', async () => {
  const home = await harbor(portal);
  const [first, second] = [await sentInvoice(portal, home), await sentInvoice(portal, home)];
  const byLink = await portal.open(await portal.post.to(home.maya.email, first.number));
  const page = await byLink.get(await begin(byLink, first)).expect(200);
  assert.match(textOf(page.text), /Save this card for Maple Street Clinic\. Anyone there who can pay can use it/);
  await checkOut(byLink, await begin(byLink, first), card({ save: 'on' })).expect(303);
  const told = await portal.post.to(home.noah.email, 'saved a payment method');
  assert.match(told.text ?? '', /Visa ending in 4242/);
  const [stored, ...others] = await savedIn(home);
  assert.deepEqual([stored?.brand, stored?.last_four, stored?.expires, others], ['Visa', '4242', '2034-08', []]);
  const noah = await portal.signIn(home.noah.email);
  assert.match(textOf((await noah.get(`${second.url}/pay`)).text), /Visa ending in 4242 Expires August 2034/);
  const other = await portal.open(await portal.post.to(home.maya.email, second.number));
  await press(other, `${second.url}/pay`, { part: 'whole', method: stored?.id }).expect(403);
  const led = await begin(noah, second, stored?.id);
  assert.match(led, new RegExp(`^/${home.slug}/payments/[0-9a-f-]{36}\\?returned$`));
  await portal.post.to(home.olivia.email, 'Noah Weiss paid $108.00');
  assert.equal(await stateOf(home, second), 'paid');
});

test('what is wrong is said beside its field; what was typed is kept, but for number and code, which nobody keeps', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const maya = await portal.signIn(home.maya.email);
  const url = await begin(maya, invoice);
  const wrong: [Record<string, string>, RegExp][] = [
    [{ number: '4242424242424241' }, /valid card number/],
    [{ number: '4111111111111111' }, /never a real one/],
    [{ expires: '13/30' }, /month and year/],
    [{ expires: '01/25' }, /has expired/],
    [{ cvc: '12' }, /3 digits/],
    [{ number: '378282246310005' }, /4 digits from the front/],
    [{ postal_code: '' }, /ZIP code/],
    [{ country: 'XX' }, /country/],
    [{ name: ' ' }, /Fill this in/],
  ];
  for (const [typed, message] of wrong) {
    const { text } = await checkOut(maya, url, card(typed)).expect(422);
    assert.match(errorsIn(text).join(' '), message);
    assert.match(text, /value="12 Maple Street"/);
    assert.doesNotMatch(text, new RegExp(`value="(?:${card(typed)['number']}|123)"`));
  }
  await allowDebit(portal, home);
  const debit = await begin(maya, invoice, 'bank_debit');
  const { text } = await checkOut(maya, debit, account({ routing: '110000001', account: '12' })).expect(422);
  assert.deepEqual(errorsIn(text).length, 2);
  await checkOut(maya, debit, account({ ...BOUNCING, save: 'on' })).expect(303);
  await portal.post.to(home.maya.email, 'on its way');
  assert.deepEqual(
    (await savedIn(home)).map(({ method, last_four }) => [method, last_four]),
    [['bank_debit', '1116']],
  );
  const kept = await portal.look(home.organization_id, (db) => db('payment_methods').select());
  assert.doesNotMatch(JSON.stringify(kept), /000111111116|110000000/);
});

test('a card that its bank wants confirmed pays once it is, and not before; a declined one is not saved', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const maya = await portal.signIn(home.maya.email);
  await checkOut(maya, await begin(maya, invoice), card({ ...DECLINED, save: 'on' })).expect(303);
  await portal.post.to(home.maya.email, 'did not go through');
  const refused = await checkOut(maya, await begin(maya, invoice), card(TO_CONFIRM)).expect(303);
  const bank = new URL(String(refused.headers['location']), 'http://x');
  assert.match(textOf((await maya.get(bank.pathname + bank.search)).text), /Confirm with your bank.*ending in 3184/);
  const carried = Object.fromEntries(bank.searchParams);
  await press(maya, bank.pathname, { ...carried, answer: 'no' }).expect(303);
  await portal.post.to(home.maya.email, 'The bank did not confirm it');
  assert.equal(await stateOf(home, invoice), 'sent');
  const again = await checkOut(maya, await begin(maya, invoice), card({ ...TO_CONFIRM, save: 'on' })).expect(303);
  const confirmed = new URL(String(again.headers['location']), 'http://x');
  await press(maya, confirmed.pathname, { ...Object.fromEntries(confirmed.searchParams), answer: 'yes' }).expect(303);
  await portal.post.to(home.olivia.email, 'Maya Chen paid $108.00');
  assert.deepEqual(
    (await savedIn(home)).map(({ last_four }) => last_four),
    ['3184'],
  );
});

test('methods are added, chosen as default and removed by who may pay; the others of them are told', async () => {
  const home = await harbor(portal);
  await allowDebit(portal, home);
  const maya = await portal.signIn(home.maya.email);
  const url = `/${home.slug}/payment-methods`;
  assert.match(textOf((await maya.get(url)).text), /Nothing saved yet\. Add a card Add a bank account/);
  await save(home, maya);
  await save(home, maya); // the same again
  await save(home, maya, account(), 'bank_debit');
  const declined = await maya.post(url).type('form').send({ method: 'card' });
  await checkOut(maya, String(declined.headers['location']), card(DECLINED)).expect(422);
  const list = textOf((await maya.get(url)).text);
  assert.match(list, /Visa ending in 4242 Default.*Bank account ending in 6789 Sandbox Bank · takes 3–5 business days/);
  const [visa, bank] = await savedIn(home);
  await press(maya, `${url}/${bank?.id}/default`).expect(303);
  await press(maya, `${url}/${bank?.id}/remove`).expect(303);
  assert.match((await portal.post.to(home.noah.email, 'removed a payment method')).text ?? '', /ending in 6789/);
  assert.deepEqual(
    (await savedIn(home)).map(({ id, is_default }) => [id, is_default]),
    [[visa?.id, true]],
  );
  await press(maya, `${url}/${bank?.id}/remove`).expect(404);
  const olivia = await portal.signIn(home.olivia.email);
  assert.match(
    textOf((await olivia.get(`/${home.slug}/partners/${home.partner_id}`)).text),
    /Saved payment methods Visa ending in 4242 Bank debit Allowed/,
  );
  await olivia.get(url).expect(404);
  await portal.look(home.organization_id, (db) => db('people').where({ id: home.noah.id }).update({ role: 'viewer' }));
  const noah = await portal.signIn(home.noah.email);
  await noah.get(url).expect(403);
  await press(noah, `${url}/${visa?.id}/remove`).expect(403);
});

test('an expired card, a removed one and somebody else’s pay nothing: nothing is even begun', async () => {
  const [home, rival] = [await harbor(portal), await harbor(portal)];
  const invoice = await sentInvoice(portal, home);
  const maya = await portal.signIn(home.maya.email);
  const aurora = await addPartner(portal.knex, home.staff, { ...home.customer, name: 'Café Aurora', email: '' });
  const lena_id = await newContact(portal.knex, home.staff, aurora, {
    name: 'Lena',
    email: `lena@${home.slug}.example`,
  });
  const setup = (place: Harbor, partner_id: string, person_id: string, last_four: string, expires: string) =>
    portal.look(place.organization_id, async (db) => {
      const { organization_id } = place;
      const [{ id: setup_id }] = await db('method_setups')
        .insert({
          organization_id,
          id: place.staff.person_id,
          partner_id,
          person_id,
          gateway: 'sandbox',
          method: 'card',
        })
        .onConflict(['organization_id', 'id'])
        .merge()
        .returning('id');
      const shown = { method: 'card', brand: 'Visa', last_four, expires };
      await storeMethod(db, organization_id, { setup_id }, { ...shown, reference: `card_ok:${last_four}` });
      return (await db('payment_methods').where({ last_four }).first('id')).id as string;
    });
  const [expired, lenas, foreign] = [
    await setup(home, home.partner_id, home.maya.id, '1111', '2020-01'),
    await setup(home, aurora, lena_id, '2222', '2034-01'),
    await setup(rival, rival.partner_id, rival.maya.id, '3333', '2034-01'),
  ];
  await save(home, maya);
  const url = `/${home.slug}/payment-methods`;
  const good = (await savedIn(home)).find(({ last_four }) => last_four === '4242')?.id;
  await press(maya, `${url}/${good}/remove`).expect(303);
  for (const id of [expired, lenas, foreign, good, home.partner_id])
    for (const chosen of [{ method: id }, { method: '', stored: id }])
      await press(maya, `${invoice.url}/pay`, { part: 'whole', ...chosen }).expect(422);
  const list = textOf((await maya.get(url)).text);
  assert.match(list, /Visa ending in 1111 Expired Expired January 2020/);
  assert.doesNotMatch(list, /2222|3333/);
  assert.doesNotMatch((await maya.get(`${invoice.url}/pay`)).text, /ending in/);
  await press(maya, `${url}/${expired}/default`).expect(409);
  for (const id of [lenas, foreign])
    for (const act of ['default', 'remove']) await press(maya, `${url}/${id}/${act}`).expect(404);
  const begun = await portal.look(home.organization_id, (db) => db('payments').select('id'));
  assert.deepEqual(begun, []);
  const seen = await withActor(portal.knex, { ...home.staff, side: 'partner', guest: true, partner_id: aurora }, (db) =>
    db('payment_methods').select('id'),
  );
  assert.deepEqual(seen, []);
});

test('what can be chosen is what the organization, the invoice and the customer’s page allow, all of them', async () => {
  const home = await harbor(portal);
  const [both, cardless] = [await sentInvoice(portal, home), await sentInvoice(portal, home, { card_allowed: false })];
  const [maya, olivia] = [await portal.signIn(home.maya.email), await portal.signIn(home.olivia.email)];
  const offered = async ({ url }: Sent) =>
    [...(await maya.get(`${url}/pay`)).text.matchAll(/name="method" value="(\w+)"/g)].map(([, name]) => name);
  assert.deepEqual(await offered(both), ['card']);
  await press(maya, `${both.url}/pay`, { part: 'whole', method: 'bank_debit' }).expect(422);
  await maya.get(`${cardless.url}/pay`).expect(409);
  const allow = `/${home.slug}/partners/${home.partner_id}/bank-debit`;
  await press(olivia, allow, { allow: 'yes' }).expect(303);
  assert.deepEqual([await offered(both), await offered(cardless)], [['card', 'bank_debit'], ['bank_debit']]);
  await press(maya, `${cardless.url}/pay`, { part: 'whole', method: 'card' }).expect(422);
  const settings = `/${home.slug}/settings/organization/getting-paid/methods`;
  await press(olivia, settings, { card: 'on' }).expect(303);
  assert.deepEqual(await offered(both), ['card']);
  await maya.get(`${cardless.url}/pay`).expect(409);
  await press(olivia, settings, {}).expect(303);
  await press(maya, `${both.url}/pay`, { part: 'whole', method: 'card', seen: 'x' }).expect(409);
  const recorded = await portal.look(home.organization_id, (db) =>
    db('activities').whereIn('action', ['allow_bank_debit', 'set_online_methods']).orderBy('id').pluck('action'),
  );
  assert.deepEqual(recorded, ['allow_bank_debit', 'set_online_methods', 'set_online_methods']);
});
