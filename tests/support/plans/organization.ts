import { fieldsOf } from '../forms.js';
import type { Scene } from './correspondence.js';

/** A table of partners and one of items: read, matched, imported, taken back. A partner is archived. */
export async function importTables({ olivia, portal, place: { slug } }: Scene): Promise<void> {
  const list = `/${slug}/settings/organization/imports`;
  await olivia.get(list);
  for (const [kind, pasted] of [
    ['partners', `Name,Email,Contact\nNew ${slug},new@${slug}.example,Nia\n,x@y.example,\n`],
    ['items', `Name,Code,Price\nPlank ${slug},P-${slug},12.50\n`],
  ] as const) {
    const { headers } = await olivia.post(list, { kind, pasted });
    const page = headers.get('location') ?? '';
    await portal.idle();
    await olivia.get(page);
    const fields = Object.entries(fieldsOf(await (await olivia.get(page)).text()));
    await olivia.post(`${page}/match`, Object.fromEntries(fields.map(([name, [value]]) => [name, String(value)])));
    for (const step of ['run', 'undo']) {
      await portal.idle();
      await olivia.get(page);
      await olivia.post(`${page}/${step}`);
    }
    await portal.idle();
    await olivia.get(`${page}/refused.csv`);
  }
  const archived = await (await olivia.get(`/${slug}/partners?kind=archived`)).text();
  const [partner = ''] = /\/partners\/[0-9a-f-]{36}/.exec(archived) ?? [];
  for (const form of [{ restore: 'yes' }, {}]) await olivia.post(`/${slug}${partner}/archive`, form);
  await olivia.get(`/${slug}${partner}`);
  const person = /value="([0-9a-f-]{36})"/.exec(await (await olivia.get(`/${slug}/activity`)).text())?.[1] ?? '';
  for (const query of [`person=${person}`, partner.replace('/partners/', 'partner='), 'format=csv'])
    await olivia.get(`/${slug}/activity?${query}`);
  for (const list of ['partners', 'items']) await olivia.get(`/${slug}/${list}?format=xlsx`);
  await olivia.get(`/${slug}/partners/new?name=maple&email=maya@${slug}.example&tax_number=US-1`);
}

/** The organization's name and its numbers, each changed once. */
export async function setOrganization(olivia: Scene['olivia'], settings: string): Promise<void> {
  const filled = async (page: string) => {
    const fields = Object.entries(fieldsOf(await (await olivia.get(page)).text()));
    return Object.fromEntries(fields.map(([name, [value]]) => [name, String(value)]));
  };
  const identity = `${settings}/organization/identity`;
  await olivia.post(identity, { ...(await filled(identity)), footer: 'Registered in Maine' });
  const numbering = `${settings}/organization/numbering`;
  await olivia.post(numbering, { ...(await filled(numbering)), 'prefix.invoice': 'RG', 'next.invoice': '900000' });
  await olivia.post(numbering, { ...(await filled(numbering)), 'prefix.invoice': 'INV' });
}
