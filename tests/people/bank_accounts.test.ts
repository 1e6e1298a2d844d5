import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Actor, withActor } from '../../src/db/scope.js';
import { act } from '../../src/act.js';
import { changeContact } from '../../src/people/partner.js';
import { createDocument } from '../../src/documents/drafts/create.js';
import { bankKeys } from '../../src/people/banking/bank_keys.js';
import { resealBankNumbers } from '../../src/people/banking/reseal_numbers.js';
import { openNumbers } from '../../src/people/banking/sealed_numbers.js';
import { day } from '../support/days.js';
import { errorsIn, fieldsOf, post, press, refused, textOf } from '../support/forms.js';
import { type Harbor, partnerActor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { filled, timber } from '../support/timber.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const SAVINGS = {
  holder: 'Northern Timber LLC',
  bank_name: 'Bethel Example Savings',
  country: 'US',
  currency: 'USD',
  routing: '011401533',
  holder_type: 'company',
  account: '0044 1772 3088',
};

/** Makes the code that was typed in any session an old one. */
const forgetCodes = () =>
  portal.knex('sessions').update({ code_typed_at: portal.knex.raw(`now() - interval '16 minutes'`) });

/** A bill of 100.00 that staff have approved: what is left is to pay it. */
async function approvedBill(home: Harbor, vendor: string, erik: string): Promise<string> {
  const content = {
    ...{ title: 'Oak', issued_on: day(0), due_on: day(10), recipients: [erik] },
    lines: [{ description: 'Oak', unit_price: '100' }],
  };
  const id = await createDocument(portal.knex, home.staff, 'bill', vendor, { currency: 'USD', content });
  await act(portal.knex, home.staff, id, 'submit');
  const { number } = await act(portal.knex, home.staff, id, 'approve');
  return `/${home.slug}/documents/${number}`;
}

test('an account needs a fresh code; both sides and an address of last week hear of it, and who pays is warned', async () => {
  const { home, vendor, erik, erik_id, ida, ida_id, at_home } = await timber(portal);
  const ids = { name: 'Ida Holm', email: `new.${ida}`, locale: 'en-US', time_zone: 'UTC' };
  await changeContact(portal.knex, home.staff, vendor, ida_id, ids);
  const eriks = await portal.signInByCode(erik);
  await forgetCodes();
  const form = `${at_home}/banking/new`;
  await eriks
    .get(form)
    .expect(303)
    .expect('Location', `/verify?return_to=${encodeURIComponent(form)}`);
  await eriks
    .post(`${at_home}/banking`)
    .type('form')
    .send({ ...SAVINGS, kind: 'us' })
    .expect(403);
  const verify = await eriks.get(`/verify?return_to=${encodeURIComponent(form)}`).expect(200);
  assert.match(textOf(verify.text), /confirm it’s you\. We’ll send a 6-digit code to e•••@northern\.example/);
  const code = portal.codeFor(erik);
  await eriks.post('/verify').type('form').send({ return_to: form }).expect(303);
  const typed = { code: await code(), return_to: form };
  await eriks.post('/sign-in/code?own=1').type('form').send(typed).expect(303).expect('Location', form);

  await post(eriks, `${at_home}/banking`, await filled(eriks, form, SAVINGS));
  for (const told of [home.olivia.email, erik, ids.email, ida])
    assert.match((await portal.post.to(told, 'Bank details')).text ?? '', /Account: – → USD •••• 3088/);
  assert.match((await portal.post.to(ida, 'Bank details')).text ?? '', /belonged to a contact of Northern Timber/);
  assert.ok(portal.post.emails.every(({ text }) => !text?.includes('004417723088')));

  const olivia = await portal.signInByCode(home.olivia.email);
  const bill = await approvedBill(home, vendor, erik_id);
  const page = textOf((await olivia.get(bill).expect(200)).text);
  assert.match(page, /Check the bank details before you pay Erik Lund changed the bank details of Northern Timber/);
  assert.equal(page.match(/Call them on a number you already have/g)?.length, 3, 'above, and on both forms to pay');
  assert.match(textOf((await olivia.get(`/${home.slug}/bills`)).text), /Check new bank details/);
  assert.doesNotMatch((await eriks.get(bill).expect(200)).text, /Check the bank details/);
});

test('the numbers are sealed, shown for a moment to who typed a code, and each look is recorded', async () => {
  const { home, vendor, erik, at_home, at_desk } = await timber(portal);
  const eriks = await portal.signInByCode(erik);
  await post(eriks, `${at_home}/banking`, await filled(eriks, `${at_home}/banking/new`, SAVINGS));
  const account = await portal.look(home.organization_id, (db) =>
    db('bank_accounts').where({ partner_id: vendor }).first(),
  );
  const own = `${at_home}/banking/${account.id}`;
  assert.doesNotMatch((await eriks.get(`${own}?shown=1`).expect(200)).text, /004417723088/);
  await press(eriks, `${own}/show`).expect(303, /./).expect('Location', `${own}?shown=1`);
  assert.match((await eriks.get(`${own}?shown=1`).expect(200)).text, /004417723088/);
  // What one person had shown, another has not.
  const olivia = await portal.signInByCode(home.olivia.email);
  assert.doesNotMatch((await olivia.get(`${at_desk}/banking/${account.id}?shown=1`)).text, /004417723088/);
  await forgetCodes();
  await press(eriks, `${own}/show`).expect(403);
  await eriks.get(`${own}?shown=1`).expect(303, /verify/);
  const events = await portal.look(home.organization_id, (db) =>
    db('security_events').whereLike('action', 'bank%').orderBy('id').pluck('action'),
  );
  assert.deepEqual(events, ['bank_details_changed', 'bank_details_shown']);
  assert.match(textOf((await olivia.get(`/${home.slug}/security`)).text), /Bank details shown/);
  const partner = textOf((await olivia.get(`/${home.slug}/partners/${vendor}`)).text);
  assert.match(partner, /Erik Lund viewed the bank account ending in 3088 of Northern Timber/);
});

test('the database itself shows a profile to nobody else, and the sealed numbers to the system alone', async () => {
  const { home, vendor, erik, erik_id, at_home } = await timber(portal);
  const eriks = await portal.signInByCode(erik);
  await post(eriks, `${at_home}/edit`, await filled(eriks, `${at_home}/edit`, { legal_name: 'Northern Timber LLC' }));
  await post(eriks, `${at_home}/banking`, await filled(eriks, `${at_home}/banking/new`, SAVINGS));
  const own: Actor = { ...partnerActor(home, { id: erik_id, name: 'Erik', email: erik }), partner_id: vendor };
  const others: Record<string, Actor> = {
    guest: { ...own, guest: true },
    link: { ...own, assurance: 'link', subject_ids: [] },
    'another partner': partnerActor(home, home.maya),
    'another organization': { ...home.staff, organization_id: (await timber(portal)).home.organization_id },
  };
  const tables = ['partner_profiles', 'bank_accounts', 'bank_account_numbers', 'former_addresses'];
  const seen = (actor: Actor) =>
    withActor(portal.knex, actor, async (db) => {
      const rows = [];
      for (const table of tables) rows.push(...(await db(table).where({ organization_id: home.organization_id })));
      return rows.length;
    });
  assert.equal(await seen(own), 2);
  for (const [name, actor] of Object.entries(others)) assert.equal(await seen(actor), 0, name);
  const changed = await withActor(portal.knex, own, (db) => db('bank_accounts').update({ last_four: '0000' }));
  assert.equal(changed, 0);
  assert.deepEqual(bankKeys({ production: true, bank_details_keys: [] }, ['secret']), [], 'no key is made up for it');
});

test('sealed numbers fit their own account alone, and follow the key', async () => {
  const { home, erik, at_home } = await timber(portal);
  const eriks = await portal.signInByCode(erik);
  const euros = { holder: 'Northern Timber', bank_name: 'Example', country: 'DE', currency: 'EUR', bic: '' };
  const iban = { ...euros, account: 'DE89 3704 0044 0532 0130 00' };
  await post(eriks, `${at_home}/banking`, await filled(eriks, `${at_home}/banking/new?kind=us`, SAVINGS));
  await post(eriks, `${at_home}/banking`, await filled(eriks, `${at_home}/banking/new?kind=iban`, iban));
  const { organization_id } = home;
  const rows: { account_id: string; sealed: Buffer }[] = await portal.look(organization_id, (db) =>
    db('bank_account_numbers').orderBy('account_id').select('account_id', 'sealed'),
  );
  const [first, second] = rows;
  assert.ok(first && second && !second.sealed.includes('DE89'));
  const keys = bankKeys(portal.config, [portal.services.secret]);
  const read = (by: readonly string[], { account_id }: { account_id: string }, sealed: Buffer) =>
    openNumbers(by, { organization_id, account_id }, sealed)?.['account'];
  assert.equal(read(keys, second, second.sealed), 'DE89370400440532013000');
  assert.equal(read(keys, first, second.sealed), undefined, 'one row in the place of another');
  const rotated = ['a new key of at least 32 characters', ...keys];
  assert.equal(await resealBankNumbers(portal.knex, rotated), 0);
  const again = await portal.look(organization_id, (db) => db('bank_account_numbers').orderBy('account_id').select());
  assert.equal(read(rotated.slice(0, 1), second, again[1].sealed), 'DE89370400440532013000');
  assert.equal(read(keys, second, again[1].sealed), undefined);
  assert.ok((await resealBankNumbers(portal.knex, keys)) >= 2, 'without the new key none of them opens');
  assert.equal(await resealBankNumbers(portal.knex, [...keys, ...rotated.slice(0, 1)]), 0);
});

test('numbers that can’t be right are refused, and of two changes at once the second is shown the first', async () => {
  const { home, erik, at_home, at_desk } = await timber(portal);
  const [eriks, olivia] = [await portal.signInByCode(erik), await portal.signInByCode(home.olivia.email)];
  const form = `${at_home}/banking/new`;
  const bad = await refused(
    eriks,
    `${at_home}/banking`,
    422,
    await filled(eriks, form, { ...SAVINGS, routing: '011401534', holder_type: '' }),
  );
  assert.deepEqual(errorsIn(bad), ['Say whose account it is.', 'This is not a valid routing number: it has 9 digits.']);
  assert.deepEqual(fieldsOf(bad)['routing'], ['011401534']);
  const iban = await filled(eriks, `${form}?kind=iban`, { ...SAVINGS, account: 'DE88370400440532013000', bic: 'ABC' });
  const words = errorsIn(await refused(eriks, `${at_home}/banking`, 422, iban));
  assert.equal(words.length, 2);
  const [one, other] = [
    await filled(olivia, `${at_desk}/banking/new`, SAVINGS),
    await filled(eriks, form, { ...SAVINGS, account: '99998888' }),
  ];
  const answers = await Promise.all([
    press(olivia, `${at_desk}/banking`, one),
    press(eriks, `${at_home}/banking`, other),
  ]);
  assert.equal(answers.filter(({ status }) => status === 303).length, 1);
  const lost = answers.find(({ status }) => status === 409);
  assert.match(textOf(lost?.text ?? ''), /What changed meanwhile.*Account – USD •••• (3088|8888)/);
});

test('a message that asks to be paid elsewhere is marked for staff, on its page and on the bill', async () => {
  const { home, vendor, erik, erik_id, at_home } = await timber(portal);
  const bill = await approvedBill(home, vendor, erik_id);
  const eriks = await portal.signInByCode(erik);
  await post(eriks, `${bill}/comment`, { text: 'Which bank account did you pay from?' });
  const olivia = await portal.signInByCode(home.olivia.email);
  assert.doesNotMatch((await olivia.get(bill)).text, /Asks for other bank details/);
  const euros = { ...SAVINGS, kind: 'iban', currency: 'EUR', country: 'DE', account: 'DE89370400440532013000' };
  await post(eriks, `${at_home}/banking`, await filled(eriks, `${at_home}/banking/new?kind=iban`, euros));
  await post(eriks, `${bill}/comment`, { text: 'Ours is DE89 3704 0044 0532 0130 00, as ever.' });
  assert.doesNotMatch((await olivia.get(bill)).text, /Asks for other bank details/);
  await post(eriks, `${bill}/comment`, { text: 'Please pay to GB82 WEST 1234 5698 7654 32.' });
  const page = textOf((await olivia.get(bill)).text);
  assert.match(page, /A message from Erik Lund on .* asks for other bank details\. Call them on a number/);
  assert.equal(page.match(/Asks for other bank details/g)?.length, 1);
  assert.doesNotMatch((await eriks.get(bill)).text, /sks for other bank details/);
  // A second bill of theirs says so, too.
  assert.match((await olivia.get(await approvedBill(home, vendor, erik_id))).text, /asks for other bank details/);
});
