import { card, DECLINED, TO_CONFIRM } from '../checkout.js';
import { day } from '../days.js';
import { fieldsOf, seenOn } from '../forms.js';
import type { Scene } from './correspondence.js';
import { HALL } from './money_back.js';
import type { Visitor } from './visitor.js';

/** Customers pay one invoice and several, and manage what they pay with. */
export async function payOnline(scene: Scene): Promise<void> {
  await offerMethods(scene);
  await storeMethods(scene);
  await payOne(scene);
  await paySeveral(scene);
}

async function offerMethods({ olivia, place: { slug, customer } }: Scene) {
  await olivia.post(`/${slug}/settings/organization/getting-paid/methods`, { card: 'on', bank_debit: 'on' });
  for (const allow of ['no', 'yes']) await olivia.post(`/${slug}/partners/${customer}/bank-debit`, { allow });
}

/** Where an answer leads to. @throws Error if that is nowhere: something was refused */
function leadsTo(response: Response): string {
  const location = response.headers.get('location');
  if (!location) throw new Error(`${response.url} was answered with ${response.status}.`);
  return location;
}

/** What is typed on the sandbox's page, and confirmed on the page of the card's bank where that asks for it. */
async function checkOut(visitor: Visitor, form: string, typed: Record<string, string>): Promise<void> {
  await visitor.get(form);
  const bank = leadsTo(await visitor.post(form, typed));
  if (!bank.includes('/confirm?')) return;
  await visitor.get(bank);
  const { pathname, searchParams } = new URL(bank, 'http://sandbox');
  await visitor.post(pathname, { ...Object.fromEntries(searchParams), answer: 'yes' });
}

async function storeMethods({ maya, nobody, place: { slug }, portal }: Scene) {
  const url = `/${slug}/payment-methods`;
  for (const typed of [card({ number: '5555555555554444' }), card(TO_CONFIRM)])
    await checkOut(nobody, leadsTo(await maya.post(url, { method: 'card' })), typed);
  const page = await (await maya.get(url)).text();
  const [, chosen] = /payment-methods\/([-\w]{36})\/default/.exec(page) ?? [];
  for (const change of ['default', 'remove']) await maya.post(`${url}/${chosen}/${change}`);
  await portal.idle();
}

async function payOne({ maya, olivia, nobody, place: { slug, numbers }, portal }: Scene) {
  const invoice = `/${slug}/documents/${numbers['invoice']}`;
  await maya.post(`${invoice}/promise`, { promised_on: day(3) });
  await maya.post(`${invoice}/dispute`, { reason: 'Two desks came' });
  await olivia.post(`${invoice}/resolve_dispute`, { message: 'The third is on its way' });
  const url = `${invoice}/pay`;
  for (const typed of [card(DECLINED), card({ save: 'on' })]) {
    const seen = seenOn({ text: await (await maya.get(url)).text() });
    await checkOut(nobody, leadsTo(await maya.post(url, { part: 'whole', method: 'card', seen })), typed);
    await portal.idle();
  }
}

/** Two invoices, with all the credit that there is. */
async function paySeveral({ maya, nobody, place: { slug }, portal, log, organization_id }: Scene) {
  const page = `/${slug}/pay`;
  const open = fieldsOf(await (await maya.get(`${page}?all=1`)).text());
  log.doing = '';
  const halls = await portal.look(organization_id, (db) =>
    db('documents').where({ title: HALL, state: 'sent' }).orderBy('id').limit(2).pluck<string[]>('id'),
  );
  const asked = new URLSearchParams({ chosen: '1', currency: 'USD', method: 'card' });
  for (const id of halls) asked.append('pay[]', id);
  for (const source of open['credit[]'] ?? []) asked.append('credit[]', source);
  const shown = fieldsOf(await (await maya.get(`${page}?${asked.toString()}`)).text());
  const typed = Object.entries({ ...shown, method: ['card'] });
  const form = typed.flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
  await maya.post(page, [...form.filter(([name]) => name !== 'total'), ['total', '0']]);
  const [, , , , id = ''] = leadsTo(await maya.post(page, form)).split('/');
  await checkOut(nobody, leadsTo(await maya.post(`/${slug}/payments/${id}/checkout`)), card(TO_CONFIRM));
  await portal.idle();
}
