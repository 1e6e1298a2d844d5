import { systemActor } from '../../../src/db/scope.js';
import { addPartnerFile } from '../../../src/people/partner_profile/partner_files.js';
import { fieldsOf } from '../forms.js';
import type { Scene } from './correspondence.js';
import type { Form, Visitor } from './visitor.js';

const DETAILS = {
  legal_name: 'Cabinet LLC',
  ...{ address_0_kind: 'billing', address_0_lines: '1 Quay', address_0_city: 'Bath', address_0_country: 'US' },
  ...{ tax_0_kind: 'ein', tax_0_number: '12-3456789' },
};
const ACCOUNT = {
  holder: 'Cabinet LLC',
  bank_name: 'Example',
  country: 'US',
  currency: 'USD',
  routing: '011401533',
  holder_type: 'company',
};

/** A partner's profile, as its manager and staff manage it. */
export async function manageProfiles(scene: Scene): Promise<void> {
  const { olivia, maya, portal, organization_id, place } = scene;
  const { slug, customer, vendor, contact } = place;
  await portal.look(organization_id, (db) => db('people').where({ id: contact }).update({ role: 'manager' }));
  await manageProfile(scene, maya, `/${slug}/profile`, customer);
  await manageProfile(scene, olivia, `/${slug}/partners/${vendor}/profile`, vendor);
  await maya.post(`/${slug}/profile/confirm`);
}

async function manageProfile(scene: Scene, visitor: Visitor, url: string, partner_id: string): Promise<void> {
  const { portal, organization_id } = scene;
  const typed = async (page: string, form: Form) => {
    const fields = fieldsOf(await (await visitor.get(page)).text());
    return { seen: fields['seen']?.[0] ?? '', kind: fields['kind']?.[0] ?? '', ...form };
  };
  await visitor.get(url);
  await visitor.post(`${url}/edit`, await typed(`${url}/edit`, DETAILS));
  for (const account of ['004417723088', '004417723099'])
    await visitor.post(`${url}/banking`, await typed(`${url}/banking/new?kind=us`, { ...ACCOUNT, account }));
  const { id } = await portal.look(organization_id, (db) =>
    db('bank_accounts').where({ organization_id, partner_id, ended_at: null }).first('id'),
  );
  await visitor.post(`${url}/banking/${id}/show`);
  await visitor.get(`${url}/banking/${id}?shown=1`);
  await visitor.post(`${url}/banking/${id}/remove`, await typed(`${url}/banking/${id}`, {}));
  await visitor.get(`${url}/files/new`);
  const file = await addFile(scene, partner_id);
  await visitor.get(`${url}/files/${file}/w9.txt`);
}

async function addFile({ portal, organization_id, place }: Scene, partner_id: string): Promise<string> {
  const bytes = await portal.services.storage.put(Buffer.from('w9'), 'w9.txt', 'text/plain');
  const staff = { ...systemActor(organization_id, place.contact), side: 'staff' as const, role: 'owner' as const };
  await addPartnerFile(portal.knex, staff, partner_id, { kind: 'w9', valid_until: null, note: '' }, bytes, null);
  const file = await portal.look(organization_id, (db) =>
    db('partner_files').where({ organization_id, partner_id }).first('id'),
  );
  return file.id;
}
