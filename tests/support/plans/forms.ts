import sharp from 'sharp';
import { types } from '../../../src/document_types/index.js';
import { isStartable } from '../../../src/document_types/relations.js';
import { day } from '../days.js';
import { seenOn } from '../forms.js';
import { talkInProject } from './comments.js';
import { changePaymentDetails, matchEntries, rollStripeKeys } from './bank.js';
import { manageSignIn } from './sign_in.js';
import type { Scene } from './correspondence.js';
import { payOnline } from './paying.js';
import { payVendors } from './payment_runs.js';
import { manageTime } from './project_time.js';
import { manageProfiles } from './profiles.js';
import { planProjects } from './project_planning.js';
import { manageSubscriptions } from './recurring.js';
import { budgets } from './projects_budget.js';
import { keepProject } from './project_details.js';
import { shareFiles } from './shared_files.js';
import { importTables, setOrganization } from './organization.js';
import { manageMembers } from './staff.js';
import { nameTaxes } from './taxes.js';
import { keepCatalog } from './catalog.js';
import type { Form } from './visitor.js';
import { sendWebhooks } from './webhooks.js';

const PARTNER = { kind: 'customer', email: '', currency: 'USD', locale: 'en-US', terms_days: '30' };
const CONTACT = { locale: 'en-US', time_zone: 'UTC' };
const LINE = { 'line_description[]': 'Desk', 'line_quantity[]': '1', 'line_price[]': '100' };
const DRAFT = { title: 'Desk', currency: 'USD', issued_on: day(0), due_on: day(20), ...LINE, save: '1' };

/** Everything that the desk manages, drafts, and a payment: all by form but the acts on documents. */
export async function submitForms(scene: Scene): Promise<void> {
  await managePartners(scene);
  await manageProfiles(scene);
  await manageLists(scene);
  await manageNotifications(scene);
  await manageSignIn(scene);
  await changeSettings(scene);
  await nameTaxes(scene);
  await keepCatalog(scene);
  await writeDrafts(scene);
  await payOnline(scene);
  await matchEntries(scene);
  await changePaymentDetails(scene);
  await sendWebhooks(scene);
  await rollStripeKeys(scene);
  await manageMembers(scene);
  await importTables(scene);
  await manageSubscriptions(scene);
  await shareFiles(scene);
  await planProjects(scene);
  await budgets(scene);
  await talkInProject(scene);
  await keepProject(scene);
  await payVendors(scene);
  await manageTime(scene);
}

const keyIn = (response: Response) => (response.headers.get('location') ?? '').split('?')[0]?.split('/').at(-1) ?? '';

async function managePartners({ olivia, maya, place: { slug, customer, contact: contact_of_customer } }: Scene) {
  const partners = `/${slug}/partners`;
  const partner = `${partners}/${keyIn(await olivia.post(partners, { ...PARTNER, name: 'Ida Works' }))}`;
  await olivia.post(partner, { ...PARTNER, name: 'Ida Works Ltd' });
  const statement = `${partners}/${customer}/statement`;
  const period = { from: day(-40), to: day(-10), currency: 'USD' };
  await olivia.post(`${statement}/email`, { ...period, message: 'For you', 'recipient[]': contact_of_customer });
  await olivia.post(`${statement}/monthly`, { monthly: 'no' });
  await olivia.post(`${partners}/${customer}/late-charges`, { terms_of: 'own', currency: 'USD', fee_first: '1' });
  for (const stop of ['yes', 'no']) await olivia.post(`${partners}/${customer}/reminders`, { stop });
  await olivia.post(`${partner}/contacts`, { ...CONTACT, name: 'Ida', email: `ida@${slug}.example` });
  const page = await (await olivia.get(partner)).text();
  const contact = `${partner}/contacts/${/contacts\/([-\w]{36})/.exec(page)?.[1]}`;
  await olivia.post(contact, { ...CONTACT, name: 'Ida Holm', email: `ida@${slug}.example` });
  await olivia.post(`${contact}/addresses/remove`, { email: 'nobody@rival.example' });
  await olivia.post(`${contact}/remove`);
  await olivia.post(`/${slug}/projects`, { key: 'IDA', name: 'Ida', partner: customer });
  await olivia.post(`/${slug}/projects/IDA/change`, { key: 'IDA-2', name: 'Ida again', partner: customer });
  await olivia.post(`/${slug}/projects/IDA-2/add_person`, { person: contact_of_customer });
  await olivia.post(`/${slug}/projects/IDA-2/comment`, { text: 'Welcome', audience: 'shared' });
  await maya.post(`/${slug}/projects/IDA-2/view`);
  await olivia.post(`/${slug}/projects/IDA-2/remove_person`, { person: contact_of_customer });
  await maya.post(`/${slug}/act-as`, { person: contact_of_customer });
  await olivia.head(`/${slug}/projects/IDA-2/live`);
}

async function manageLists({ olivia, place: { slug, contact } }: Scene) {
  await olivia.post(`/${slug}/settings/saved-views`, { name: 'Late', path: 'invoices?show=outstanding' });
  const views = await (await olivia.get(`/${slug}/settings/saved-views`)).text();
  const id = /saved-views\/([-\w]{36})\/remove/.exec(views)?.[1] ?? '';
  await olivia.post(`/${slug}/settings/saved-views/${id}`, { name: 'Later' });
  await olivia.post(`/${slug}/settings/saved-views/${id}/move`, { up: '1' });
  await olivia.post(`/${slug}/settings/saved-views/${id}/remove`);
  await olivia.post(`/${slug}/settings/saved-views/${id}/restore`);
  await olivia.post(`/${slug}/desk/defaults/invoice`, { terms: '30 days', note: '' });
  await olivia.post(`/${slug}/delivery/check`);
  await olivia.post(`/${slug}/delivery/key`);
  await olivia.post(`/${slug}/delivery/test`);
  await olivia.post(`/${slug}/delivery/trust/${contact}`, { reason: 'They wrote' });
}

async function manageNotifications({ olivia, maya, place: { slug } }: Scene) {
  const list = `/${slug}/notifications`;
  for (const visitor of [olivia, maya]) {
    await visitor.head(`${list}/live`);
    const page = await (await visitor.get(list)).text();
    const idIn = (pattern: RegExp) => pattern.exec(page)?.[1] ?? '';
    await visitor.post(`${list}/${idIn(/([-\w]{36})\/read"/)}/read`);
    const subject = idIn(/([-\w]{36})\/mute"/);
    for (const change of ['mute', 'unmute']) await visitor.post(`${list}/${subject}/${change}`);
    await visitor.post(`${list}/read`, { upto: idIn(/name="upto" value="([-\w]{36})"/) });
    await visitor.post(`/${slug}/settings/notifications`, { messages: 'weekly', response: 'daily' });
  }
  await maya.post(`/${slug}/settings/notifications`, { messages: 'now' });
}

/** A preferred currency stays: every page that shows totals looks its rates up. */
async function changeSettings({ olivia, place: { slug } }: Scene) {
  const settings = `/${slug}/settings`;
  await olivia.get(settings);
  await olivia.post(`${settings}/profile`, { first_name: 'Olivia', last_name: 'Grant', title: 'Owner', phone: '' });
  const photo = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  await olivia.upload(`${settings}/profile/photo`, new Blob([new Uint8Array(photo)]));
  const page = await (await olivia.get(`${settings}/profile`)).text();
  await olivia.get(/src="([^"]+)\?v=/.exec(page)?.[1] ?? '');
  await olivia.post(`${settings}/profile/photo/remove`);
  await olivia.post(`${settings}/menu`, { down: '/invoices' });
  const rate = { from_currency: 'USD', to_currency: 'EUR', day: day(-2), rate: '0.9' };
  await olivia.post(`${settings}/organization/rates`, rate);
  await setOrganization(olivia, settings);
  await olivia.post(`${settings}/organization/reminders`, { days_0: '1', days_1: '8' });
  await olivia.post(`${settings}/organization/reminders/late-charges`, { currency: 'USD', fee_first: '1' });
  await olivia.post(`${settings}/organization/reminders/wording`, { language: 'de', final: 'Bitte: {amount}' });
  const styles = { dates: 'iso', hours: 'h23', numbers: 'dot', week_start: 'mon' };
  const preferences = { language: 'en-US', time_zone: 'UTC', currency: 'EUR', document_language: '', ...styles };
  await olivia.post(`${settings}/preferences`, preferences);
  for (const shown of ['/desk', '/invoices']) await olivia.get(`/${slug}${shown}`);
}

/** A draft of each type, and the last invoice sent. */
async function writeDrafts({ olivia, place: { slug, customer, contact, vendor, vendor_contact } }: Scene) {
  for (const { path, partner, startedBy } of types.filter(isStartable)) {
    const [to, reader] = partner === 'vendor' ? [vendor, vendor_contact] : [customer, contact];
    const form: Form = { ...DRAFT, ...(startedBy === 'staff' ? { 'recipient[]': reader } : { reference: path }) };
    const made = await olivia.post(`/${slug}/${path}/new?partner=${to}`, form);
    const url = (made.headers.get('location') ?? '').split('?')[0] ?? '';
    if (path !== 'invoices') continue;
    await olivia.get(`${url}/edit`);
    await olivia.post(`${url}/rows`, { ...form, add: '1' });
    await olivia.post(`${url}/edit`, form);
    const preview = await (await olivia.get(`${url}/preview`)).text();
    const sent = await olivia.post(`${url}/send`, { seen: seenOn({ text: preview }) });
    const revised = (sent.headers.get('location') ?? '').split('?')[0] ?? '';
    const editor = await (await olivia.get(`${revised}/edit`)).text();
    await olivia.post(`${revised}/preview`, { ...form, seen: seenOn({ text: editor }) });
    const other = await olivia.post(`/${slug}/${path}/new?partner=${to}`, form);
    const begun = (other.headers.get('location') ?? '').split('?')[0] ?? '';
    const page = await (await olivia.get(begun)).text();
    await olivia.post(`${begun.replace('/edit', '')}/discard`, { seen: seenOn({ text: page }) });
  }
}
