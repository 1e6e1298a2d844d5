import { day } from '../days.js';
import type { Scene } from './correspondence.js';

/** A bank statement is imported; one entry is recorded and opened again, one ignored. */
export async function matchEntries({ olivia, place: { slug } }: Scene): Promise<void> {
  const bank = `/${slug}/bank`;
  const invoices = await (await olivia.get(`/${slug}/invoices?show=outstanding`)).text();
  const number = /INV-\d+/.exec(invoices)?.[0] ?? '';
  const lines = [`${day(-1)},1.00,"Thanks, ${number}",Maple`, `${day(-2)},2.00,Interest,Bank`];
  await olivia.upload(bank, new Blob([['Date,Amount,Reference,Name', ...lines].join('\n')]));
  const page = await (await olivia.get(bank)).text();
  const [first, second] = [...page.matchAll(/bank\/([-\w]{36})\/record/g)].map(([, id]) => `${bank}/${id}`);
  await olivia.post(`${first}/record`, { number });
  await olivia.post(`${second}/ignore`);
  await olivia.get(bank);
  await olivia.post(`${first}/reopen`, { was: 'recorded' });
}
