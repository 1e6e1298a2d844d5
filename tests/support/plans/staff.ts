import { day } from '../days.js';
import type { Scene } from './correspondence.js';

/** Everything that is done with the members of the staff: Tom stays as he was, June leaves. */
export async function manageMembers({ olivia, place: { slug } }: Scene): Promise<void> {
  const list = `/${slug}/settings/members`;
  await olivia.post(list, { emails: `ida@${slug}.example, max@${slug}.example`, role: 'member' });
  const page = await (await olivia.get(list)).text();
  const idOf = (name: string) =>
    new RegExp(`id="member-([-\\w]{36})"(?:(?!id="member-)[^])*?${name}`).exec(page)?.[1] ?? '';
  const [tom, june, ida] = ['Tom Reyes', 'June Bell', 'Ida'].map((name) => `${list}/${idOf(name)}`);
  const away = { from_on: day(0), until_on: day(3) };
  await olivia.post(`${ida}/resend`);
  await olivia.post(`${ida}/withdraw`);
  await olivia.post(`${tom}/role`, { role: 'admin' });
  await olivia.post(`${tom}/role`, { role: 'manager', confirmed: 'on' });
  await olivia.post(`${tom}/limits`, { send_limit: '1000', approve_limit: '' });
  const deputy_id = june?.split('/').at(-1) ?? '';
  await olivia.post(`${tom}/absence`, { ...away, deputy_id, with_limits: 'on' });
  await olivia.get(`${tom}`);
  await olivia.post(`${tom}/absence/cancel`);
  await olivia.post(`${tom}/absence`, { ...away, deputy_id: idOf('Olivia Grant') });
  await olivia.get(`/${slug}/desk`);
  await olivia.post(`${tom}/absence/cancel`);
  await olivia.post(`${june}/remove`);
  await olivia.get('/organizations/new');
  const fields = { organization: 'Pier Nine', currency: 'USD', locale: 'en-US', time_zone: 'UTC' };
  await olivia.post('/organizations', fields);
}
