import sharp from 'sharp';
import { day } from '../days.js';
import type { Scene } from './correspondence.js';

const ITEM = { name: 'Board 5', code: '', description: '', unit: 'pc', group_name: 'Wood', cost: '9' };

/** An item is added, changed, pictured, sold, archived and restored; lines are completed from the catalog. */
export async function keepCatalog({ olivia, portal, log, organization_id, place }: Scene): Promise<void> {
  const { slug, vendor, customer } = place;
  const items = `/${slug}/items`;
  const offers = { 'price[]': '12', 'price_currency[]': 'USD', 'vendor[]': vendor, 'vendor_currency[]': 'USD' };
  await olivia.post(items, { ...ITEM, ...offers, code: 'NEW-1' });
  log.doing = '';
  const [added, first] = await portal.look(organization_id, async (db) => {
    const { id }: { id: string } = await db('items').where({ organization_id, code: 'NEW-1' }).first('id');
    const many: { id: string } | undefined = await db('items').where({ organization_id, code: 'C-0' }).first('id');
    return [id, many?.id ?? id];
  });
  const item = `${items}/${added}`;
  const form = await (await olivia.get(`${item}/edit`)).text();
  const seen = /name="seen" value="([^"]*)"/.exec(form)?.[1] ?? '';
  await olivia.post(item, { ...ITEM, ...offers, code: 'NEW-2', unit: 'm', seen });
  const photo = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  await olivia.upload(`${item}/picture`, new Blob([new Uint8Array(photo)]));
  await olivia.get(`${item}/picture`);
  await olivia.post(`${item}/picture/remove`);
  const line = { 'line_item[]': added, 'line_description[]': 'Board', 'line_price[]': '12', save: '1' };
  const draft = { title: 'Boards', currency: 'USD', issued_on: day(0), due_on: day(9), ...line };
  const sent = await olivia.post(`/${slug}/invoices/new?partner=${customer}`, draft);
  await olivia.get(`${(sent.headers.get('location') ?? '').split('?')[0]}/edit`);
  for (const archive of ['yes', 'no']) await olivia.post(`${item}/archive`, { archive });
  const lists = ['', '?sort=code', '?turned=1', '?sort=code&turned=1'];
  const filters = ['q=board', 'q=c-3', 'q=board+c-3', 'group=Wood', 'group=Wood&sort=code', 'show=archived'];
  const next = [`after=${added}`, `after=${added}&sort=code&group=Wood`, 'format=csv&group=Wood'];
  for (const page of [...lists, ...[...filters, ...next].map((query) => `?${query}`), '/new', `/${added}`, `/${first}`])
    await olivia.get(`${items}${page}`);
  for (const [type, partner] of [
    ['invoice', customer],
    ['purchase_order', vendor],
  ] as const)
    for (const q of ['boa', 'c-3', 'board c-3', 'fit-out desk'])
      await olivia.get(
        `${items}/suggestions?${new URLSearchParams({ q, type, partner, currency: 'USD', costs: '1' })}`,
      );
}
