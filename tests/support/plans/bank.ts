import { sealedKey } from '../../../src/payments/gateways/stripe/keys/stripe_keys.js';
import { day } from '../days.js';
import type { Scene } from './correspondence.js';

/** A bank statement is imported; one entry is recorded and opened again, one ignored. */
export async function matchEntries(scene: Scene): Promise<void> {
  const { olivia, portal, log, organization_id, place } = scene;
  const { slug } = place;
  log.doing = '';
  const bank = `/${slug}/bank`;
  const { number } = await portal.look(organization_id, (db) =>
    db('open_items as i')
      .join('documents as d', (on) => on.on('d.organization_id', 'i.organization_id').on('d.id', 'i.document_id'))
      .where({ 'd.type': 'invoice' })
      .whereNot({ 'd.sha256': '' })
      .whereRaw(
        `not exists (select from payment_parts p where p.document_id = d.id and p.state in ('started', 'processing'))`,
      )
      .orderBy('d.number', 'desc')
      .first('d.number'),
  );
  const lines = [`${day(-1)},1.00,"Thanks, ${number}",Maple`, `${day(-2)},2.00,Interest,Bank`];
  await olivia.upload(bank, new Blob([['Date,Amount,Reference,Name', ...lines].join('\n')]));
  const page = await (await olivia.get(bank)).text();
  const [first, second] = [...page.matchAll(/bank\/([-\w]{36})\/record/g)].map(([, id]) => `${bank}/${id}`);
  await olivia.post(`${first}/record`, { number });
  await olivia.post(`${second}/ignore`);
  await olivia.get(bank);
  await olivia.post(`${first}/reopen`, { was: 'recorded' });
}

const ACCOUNT = { currency: 'USD', kind: 'us', holder: 'Harbor & Pine', bank_name: 'Harbor Bank', country: 'US' };

/** Where the organization is paid is changed, and an account is added and removed. */
export async function changePaymentDetails(scene: Scene): Promise<void> {
  const { olivia, portal, log, organization_id, place } = scene;
  const { slug } = place;
  const page = `/${slug}/settings/organization/getting-paid`;
  await olivia.get(page);
  await olivia.get(`${page}/details`);
  const details = { legal_name: 'Harbor & Pine LLC', tax_kind: 'other', tax_number: '', payment_note: 'By transfer.' };
  await olivia.post(`${page}/details`, details);
  await olivia.get(`${page}/accounts/new?kind=us`);
  await olivia.post(`${page}/accounts`, { ...ACCOUNT, account: '0001778842', routing: '011401533' });
  log.doing = '';
  const [id] = await portal.look(organization_id, (db) =>
    db('payment_accounts').where({ organization_id }).orderBy('id', 'desc').pluck('id'),
  );
  await olivia.post(`${page}/accounts/${id}/remove`);
}

/** There are keys for Stripe; the secret that signs its webhooks is rolled, and then all are removed. */
export async function rollStripeKeys({ olivia, portal, log, organization_id, place }: Scene): Promise<void> {
  const page = `/${place.slug}/settings/organization/online-payment`;
  const secrets = [portal.services.secret];
  const keys = {
    ...{ organization_id, livemode: false, account: 'acct_1', secret_key_ending: '1', webhook_secret_ending: '1' },
    secret_key: sealedKey(secrets, organization_id, 'secret_key', 'sk_test_51PlansTests'),
    webhook_secret: sealedKey(secrets, organization_id, 'webhook_secret', 'whsec_plansTests01'),
  };
  const before = log.doing;
  log.doing = '';
  await portal.look(organization_id, (db) => db('stripe_keys').insert(keys));
  log.doing = before;
  await olivia.get(page);
  await olivia.get(`${page}/keys`);
  await olivia.post(`${page}/keys`, { secret_key: '', webhook_secret: 'whsec_plansTests02' });
  await olivia.post(`${page}/old-secret/remove`);
  await olivia.post(`${page}/remove`);
  log.doing = '';
  // Whoever pays after this does so in the sandbox.
  await portal.look(organization_id, (db) =>
    db('organizations').where({ id: organization_id }).update({ gateway: 'sandbox' }),
  );
}
