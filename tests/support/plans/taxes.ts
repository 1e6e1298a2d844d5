import type { Scene } from './correspondence.js';

const TAX = { percent: '8', category: 'S', note: '', valid_from: '', valid_until: '' };

/** Taxes are named, changed, suggested and decided; what is drafted from now on has them. */
export async function nameTaxes({ olivia, portal, log, organization_id, place }: Scene): Promise<void> {
  const { slug, customer } = place;
  const page = `/${slug}/settings/organization/taxes`;
  await olivia.get(`${page}/new`);
  for (const name of ['City levy', 'Port levy']) await olivia.post(page, { ...TAX, name });
  log.doing = '';
  const [levy, sales] = await portal.look(organization_id, (db) =>
    db('tax_rates').where({ organization_id }).orderBy('id', 'desc').limit(2).pluck('id'),
  );
  await olivia.get(`${page}/${levy}`);
  await olivia.post(`${page}/${levy}`, { ...TAX, name: 'Port levy', percent: '9' });
  await olivia.post(`${page}/${levy}/remove`);
  await olivia.post(`/${slug}/settings/organization/accounting`, {
    chart: 'skr04',
    first_month: '1',
    bank_account: '1810',
  });
  await olivia.post(`${page}/default`, { 'taxes[]': sales ?? '' });
  await olivia.post(`/${slug}/partners/${customer}/taxes`, { 'taxes[]': sales ?? '' });
}
