import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { transferText } from '../../src/people/getting_paid/payment_code.js';
import { creditorReference, numberIn, paymentReference } from '../../src/people/getting_paid/payment_reference.js';
import { swissText } from '../../src/people/getting_paid/swiss_code.js';
import { errorsIn, post, refused, textOf } from '../support/forms.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const IBAN = 'DE89 3704 0044 0532 0130 00';
const EURO = {
  ...{ kind: 'iban', currency: 'EUR', holder: 'Harbor & Pine LLC', bank_name: 'Example Bank', country: 'DE' },
  ...{ account: IBAN, bic: 'COBADEFFXXX' },
};
const DOLLAR = {
  ...{ kind: 'us', currency: 'USD', holder: 'Harbor & Pine LLC', bank_name: 'Casco Example Bank', country: 'US' },
  ...{ routing: '011401533', account: '0001778842' },
};

const pageOf = ({ slug }: Harbor) => `/${slug}/settings/organization/getting-paid`;

const withoutGateway = ({ organization_id }: Harbor) =>
  portal.look(organization_id, (db) => db('organizations').where({ id: organization_id }).update({ gateway: null }));

test('where the organization is paid takes a fresh code, is told to who runs it, and stands on what is sent then', async () => {
  const home = await harbor(portal);
  const before = await sentInvoice(portal, home);
  const olivia = await portal.signInByCode(home.olivia.email);
  await post(olivia, `${pageOf(home)}/accounts`, DOLLAR);
  const told = await portal.post.to(home.olivia.email, 'changed where Harbor & Pine is paid');
  assert.match(told.text ?? '', /Account: – → USD •••• 8842.*undo it now/s);
  const details = { legal_name: 'Harbor & Pine LLC', tax_kind: 'eu_vat', tax_number: 'DE136695976' };
  await post(olivia, `${pageOf(home)}/details`, { ...details, payment_note: 'Or by check.' });
  await portal.idle();
  const said = portal.post.emails.map(({ text }) => text ?? '');
  assert.ok(said.some((text) => text.includes('Tax number: US-1 → DE136695976; Instructions: – → Or by check.')));

  const invoice = await sentInvoice(portal, home);
  const mayas = await portal.signInByCode(home.maya.email);
  const shown = textOf((await mayas.get(invoice.url).expect(200)).text);
  assert.match(shown, /Pay by bank transfer.*0001778842.*Casco Example Bank.*Reference INV-\d+.*Or by check\./s);
  assert.match(shown, /Harbor & Pine LLC.*VAT number DE136695976/s);
  assert.match(textOf((await mayas.get(`${invoice.url}/pay`).expect(200)).text), /Pay with.*0001778842/s);
  const older = textOf((await mayas.get(`${before.url}/versions/1`).expect(200)).text);
  assert.doesNotMatch(older, /0001778842|DE136695976/, 'what was sent before stays as it was');

  await portal.knex('sessions').update({ code_typed_at: portal.knex.raw(`now() - interval '16 minutes'`) });
  const form = `${pageOf(home)}/accounts/new`;
  const verify = `/verify?return_to=${encodeURIComponent(form)}`;
  await olivia.get(form).expect(303).expect('Location', verify);
  await refused(olivia, `${pageOf(home)}/accounts`, 403, EURO);
  await refused(olivia, `${pageOf(home)}/details`, 403, { ...details, tax_number: '' });
});

test('another account is said to be another, and what was sent keeps its own', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signInByCode(home.olivia.email);
  await post(olivia, `${pageOf(home)}/accounts`, DOLLAR);
  const invoice = await sentInvoice(portal, home);
  const { text } = await olivia.get(pageOf(home)).expect(200);
  const [remove = ''] = /\/\S+\/remove/.exec(text) ?? [];
  await post(olivia, `${pageOf(home)}/accounts`, { ...DOLLAR, account: '5550001234' });
  await post(olivia, remove);
  await refused(olivia, remove, 404);
  const mayas = await portal.signInByCode(home.maya.email);
  const now = textOf((await mayas.get(invoice.url).expect(200)).text);
  assert.match(now, /The account changed after this was sent.*5550001234/s);
  assert.doesNotMatch(now, /0001778842/);
  assert.match(textOf((await mayas.get(`${invoice.url}/versions/1`).expect(200)).text), /0001778842/);
  const [{ snapshot }] = await portal.look(home.organization_id, (db) =>
    db('versions').where({ document_id: invoice.id }),
  );
  assert.equal(snapshot.accounts[0].numbers.account, '0001778842', 'its PDF is printed from this');
  await act(portal.knex, home.staff, invoice.id, 'void', { reason: 'Twice' });
  assert.doesNotMatch((await mayas.get(invoice.url).expect(200)).text, /5550001234/, 'nothing is to be paid any more');
});

test('without online payment the account stands instead of the button; without one, both sides hear what to do', async () => {
  const home = await harbor(portal);
  await withoutGateway(home);
  const invoice = await sentInvoice(portal, home);
  const [olivia, tom, mayas] = await Promise.all(
    [home.olivia, home.tom, home.maya].map(({ email }) => portal.signInByCode(email)),
  );
  assert.ok(olivia && tom && mayas);
  assert.match((await olivia.get(invoice.url)).text, new RegExp(`can’t see how to pay[^]*href="${pageOf(home)}"`));
  assert.doesNotMatch((await tom.get(invoice.url)).text, new RegExp(`href="${pageOf(home)}"`));
  assert.match(textOf((await mayas.get(invoice.url)).text), /Ask Harbor & Pine where to send the payment/);
  await post(olivia, `${pageOf(home)}/accounts`, EURO);
  assert.match((await mayas.get(invoice.url)).text, /where to send/, 'an account in euros is none for dollars');
  await post(olivia, `${pageOf(home)}/accounts`, DOLLAR);
  const page = (await mayas.get(invoice.url).expect(200)).text;
  assert.match(textOf(page), /Pay by bank transfer/);
  assert.doesNotMatch(page, /where to send|INV-\d+\/pay"/);
  await mayas.get(`${invoice.url}/pay`).expect(409);
});

test('what can’t be right is refused beside its field; other roles and organizations have no say', async () => {
  const [home, rival] = [await harbor(portal), await harbor(portal)];
  const olivia = await portal.signInByCode(home.olivia.email);
  const accounts = `${pageOf(home)}/accounts`;
  const mistyped = await refused(olivia, accounts, 422, { ...EURO, account: 'DE89 3704 0044 0532 0130 01' });
  assert.match(errorsIn(mistyped).join(' '), /not a valid IBAN/);
  assert.match(mistyped, /value="DE89 3704 0044 0532 0130 01"/);
  const two = await Promise.all([1, 2].map(() => olivia.post(accounts).type('form').send(EURO)));
  assert.deepEqual(
    two.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 422],
    'the same account once',
  );
  const details = { legal_name: 'Harbor', tax_kind: 'eu_vat', tax_number: 'DE136695977', payment_note: '' };
  const wrong = await refused(olivia, `${pageOf(home)}/details`, 422, details);
  assert.match(errorsIn(wrong).join(' '), /valid VAT ID/);
  assert.match(wrong, /value="DE136695977"/);
  const tom = await portal.signInByCode(home.tom.email);
  await refused(tom, accounts, 403, DOLLAR);
  const rivals = await portal.signInByCode(rival.olivia.email);
  await refused(rivals, accounts, 404, DOLLAR);
  const [id] = await portal.look(home.organization_id, (db) => db('payment_accounts').pluck('id'));
  await refused(rivals, `${pageOf(rival)}/accounts/${id}/remove`, 404);
  assert.equal((await portal.look(home.organization_id, (db) => db('payment_accounts').pluck('id'))).length, 1);
});

test('the code of a transfer in euros says what EPC069-12 asks for; other currencies and accounts have none', () => {
  const account = {
    ...{ id: '', currency: 'EUR', kind: 'iban' as const, holder: 'Café Süd\nGmbH', bank_name: 'B', country: 'DE' },
    numbers: { account: 'DE89370400440532013000', bic: '' },
  };
  const transfer = { amount: 123_405, reference: 'INV-0042' };
  const lines = [
    'BCD',
    '002',
    '1',
    'SCT',
    '',
    'Café Süd GmbH',
    'DE89370400440532013000',
    'EUR1234.05',
    '',
    'RF97INV0042',
  ];
  assert.equal(transferText(account, transfer), lines.join('\n'));
  assert.equal(transferText({ ...account, currency: 'USD' }, transfer), null);
  assert.equal(transferText({ ...account, numbers: { account: 'TR330006100519786457841326' } }, transfer), null);
  assert.equal(transferText(account, { ...transfer, amount: 0 }), null);
  const odd = transferText(account, { ...transfer, reference: 'INV 42/é' });
  assert.ok(odd?.endsWith('\n\n\nINV 42/é'), 'what makes no creditor reference stays text');
});

const SWISS = {
  ...{ id: '', currency: 'CHF', kind: 'iban' as const, holder: 'Harbor AG', bank_name: 'B', country: 'CH' },
  numbers: { account: 'CH9300762011623852957', bic: '' },
};

test('a Swiss account has the code of the QR-bill, by the guidelines of 2025: structured address, SCOR or QRR', () => {
  const transfer = { amount: 123_405, number: 'INV-0042', address: 'Seestrasse 7\n8001 Zürich\nSchweiz' };
  const nobody = ['', '', '', '', '', '', ''];
  const lines = (iban: string, ...reference: string[]) => [
    ...['SPC', '0200', '1', iban, 'S', 'Harbor AG', 'Seestrasse 7', '', '8001', 'Zürich', 'CH'],
    ...[...nobody, '1234.05', 'CHF', ...nobody, ...reference, 'INV-0042', 'EPD'],
  ];
  assert.deepEqual(
    swissText(SWISS, transfer)?.split('\n'),
    lines('CH9300762011623852957', 'SCOR', creditorReference('INV-0042') ?? ''),
  );
  const qr = { ...SWISS, numbers: { account: 'CH4431999123000889012', bic: '' } };
  const reference = paymentReference(qr, 'INV-0042');
  assert.equal(reference?.kind, 'QRR');
  assert.match(reference?.printed ?? '', /^\d{2} (\d{5} ){4}\d{5}$/);
  assert.deepEqual(swissText(qr, transfer)?.split('\n'), lines('CH4431999123000889012', 'QRR', reference?.value ?? ''));
  for (const number of ['INV-0042', 'RET-7', 'INV-123456789', 'CN-000'])
    assert.equal(numberIn(paymentReference(qr, number)?.printed ?? ''), number);
  assert.equal(numberIn('21 00000 00003 13947 14300 09017'), null, 'another’s reference');
  assert.equal(numberIn((reference?.value ?? '').replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))), null);
  // Without a town, in another currency or country, or for nothing, there is none.
  assert.equal(swissText(SWISS, { ...transfer, address: '1 Quay Road\nPortland' }), null);
  assert.equal(swissText({ ...SWISS, currency: 'USD' }, transfer), null);
  assert.equal(swissText({ ...SWISS, numbers: { account: 'DE89370400440532013000' } }, transfer), null);
  assert.equal(swissText(SWISS, { ...transfer, amount: 0 }), null);
});

test('creditor references have the check digits of ISO 11649', () => {
  assert.equal(creditorReference('539007547034'), 'RF18539007547034');
  assert.equal(creditorReference('2348231'), 'RF712348231');
  for (const odd of ['', 'INV/1', 'É-1', 'A'.repeat(22)]) assert.equal(creditorReference(odd), null);
});
