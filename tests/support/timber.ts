import { newContact } from '../../src/people/partner.js';
import { fieldsOf } from './forms.js';
import { addVendor, harbor } from './harbor.js';
import type { Browser, Portal } from './portal.js';

let made = 0;

/** Harbor & Pine and its vendor Northern Timber, whose Erik is a manager there and Ida is not. */
export async function timber(portal: Portal) {
  const home = await harbor(portal);
  const n = ++made;
  const [erik, ida] = [`erik.${n}@northern.example`, `ida.${n}@northern.example`];
  const { vendor, erik: erik_id } = await addVendor(portal, home, erik);
  const ida_id = await newContact(portal.knex, home.staff, vendor, { name: 'Ida Holm', email: ida });
  await portal.look(home.organization_id, (db) => db('people').where({ id: erik_id }).update({ role: 'manager' }));
  const [at_desk, at_home] = [`/${home.slug}/partners/${vendor}/profile`, `/${home.slug}/profile`];
  return { home, vendor, erik, erik_id, ida, ida_id, at_desk, at_home };
}

/** The form on a page as its reader got it, with what they type. */
export async function filled(
  agent: Browser,
  page: string,
  typed: Record<string, string>,
): Promise<Record<string, string>> {
  const { text } = await agent.get(page).expect(200);
  const values = Object.entries(fieldsOf(text)).map(([name, [value = '']]) => [name, value] as const);
  return { ...Object.fromEntries(values), ...typed };
}
