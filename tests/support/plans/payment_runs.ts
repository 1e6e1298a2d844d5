import { act } from '../../../src/act.js';
import { systemActor } from '../../../src/db/scope.js';
import { createDocument } from '../../../src/documents/drafts/create.js';
import { day } from '../days.js';
import { fieldsOf } from '../forms.js';
import type { Scene } from './correspondence.js';

const ACCOUNT = {
  currency: 'USD',
  kind: 'us',
  bank_name: 'Harbor Bank',
  country: 'US',
  routing: '011401533',
  holder_type: 'person',
};

/** A bill is approved by two, put into a run that is cancelled and into one that the bank pays. */
export async function payVendors(scene: Scene): Promise<void> {
  const { olivia, place } = scene;
  const { slug, vendor } = place;
  const own = { ...ACCOUNT, holder: 'Harbor & Pine', account: '0001778850' };
  await olivia.post(`/${slug}/settings/organization/getting-paid/accounts`, own);
  const banking = `/${slug}/partners/${vendor}/profile/banking`;
  const fields = fieldsOf(await (await olivia.get(`${banking}/new?kind=us`)).text());
  const theirs = { ...ACCOUNT, holder: 'Timber LLC', account: '004417723077', seen: fields['seen']?.[0] ?? '' };
  await olivia.post(banking, theirs);
  const number = await approvedBill(scene);
  await olivia.post(`${await madeRun(scene, number)}/cancel`);
  const run = await madeRun(scene, number);
  await olivia.get(`${run}/export`);
  await olivia.post(`${run}/export`, { format: 'csv' });
  await olivia.get(run);
  await olivia.get(`${run}/file`);
  await olivia.post(`${run}/record`, { paid_on: day(-1) });
  for (const query of ['', '?before=9']) await olivia.get(`/${slug}/payment-runs${query}`);
}

async function madeRun({ olivia, place: { slug, vendor } }: Scene, number: string): Promise<string> {
  const runs = `/${slug}/payment-runs`;
  const asked = { pay_on: day(0), until: day(40) };
  const page = await (await olivia.get(`${runs}/new?${new URLSearchParams(asked).toString()}`)).text();
  const boxes = [...page.matchAll(/name="chosen" value="([^"]*)"[^>]*>\s*<span>\s*(?:<span[^>]*>)?(\S+?)[<\s]/g)];
  const chosen = boxes.find(([, , shown]) => shown === number)?.[1] ?? '';
  const account = fieldsOf(page)['account']?.[0] ?? '';
  const made = await olivia.post(runs, { ...asked, account, chosen, [`confirm_${vendor}`]: 'on' });
  return made.headers.get('location') ?? '';
}

async function approvedBill({ portal, log, organization_id, place }: Scene): Promise<string> {
  log.doing = '';
  const staff = await portal.look(organization_id, (db) =>
    db('people').where({ partner_id: null, removed_at: null }).orderBy('id').limit(3).pluck('id'),
  );
  await portal.look(organization_id, (db) =>
    db('organizations').where({ id: organization_id }).update({ two_approvals_above: 0 }),
  );
  const [first, second, third] = staff.map((id) => ({
    ...systemActor(organization_id, id),
    ...{ side: 'staff' as const, role: 'owner' as const },
  }));
  if (!first || !second || !third) throw new Error('There are too few of the staff.');
  const { vendor, vendor_contact } = place;
  const content = {
    ...{ title: 'Oak', issued_on: day(0), due_on: day(14), recipients: [vendor_contact] },
    lines: [{ description: 'Oak', unit_price: '10' }],
  };
  const id = await createDocument(portal.knex, first, 'bill', vendor, { currency: 'USD', content });
  await act(portal.knex, first, id, 'submit');
  log.doing = 'approve_first';
  await act(portal.knex, second, id, 'approve_first');
  return String((await act(portal.knex, third, id, 'approve')).number);
}
