import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Actor, systemActor, withActor } from '../../src/db/scope.js';
import { openDemo } from '../support/demo.js';
import type { Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openDemo()));
after(() => portal.close());

/** Tables of which the story of Harbor & Pine has no row. */
const EMPTY = [
  'accounting',
  'api_tokens',
  'bank_entries',
  'bank_statements',
  'booking_accounts',
  'bounces',
  'calendar_feeds',
  'charge_attempts',
  'email_preferences',
  'erasures',
  'failing_jobs',
  'former_addresses',
  'gateway_events',
  'import_matches',
  'import_rows',
  'imports',
  'late_charges',
  'late_fees',
  'module_requests',
  'number_prefixes',
  'numberings',
  'partner_file_reminders',
  'payment_credits',
  'payment_run_bills',
  'payment_runs',
  'person_addresses',
  'project_templates',
  'refunds',
  'reminder_texts',
  'saved_views',
  'scheduled_charges',
  'sent_forms',
  'statement_emails',
  'stripe_customers',
  'stripe_keys',
  'subscription_periods',
  'template_dependencies',
  'template_tasks',
  'terms_acceptances',
  'terms_standing',
  'terms_versions',
  'time_rates',
  'timers',
  'type_defaults',
  'webhook_deliveries',
  'webhook_secrets',
  'webhooks',
  'words_to_make',
];

test('the database shows no row of one organization to another’s staff and partners, in any table', async () => {
  const idOf = async (slug: string) => (await portal.knex('organizations').where({ slug }).first('id')).id as string;
  const [harbor, quayside] = [await idOf('harbor'), await idOf('quayside')];
  const people = await portal.look(quayside, (db) => db('people').select('id', 'partner_id'));
  const [staff, partner] = [people.find((one) => !one.partner_id), people.find((one) => one.partner_id)];
  assert.ok(staff && partner);
  const strangers: Actor[] = [
    { ...systemActor(quayside, staff.id), side: 'staff' },
    { ...systemActor(quayside, partner.id), side: 'partner', partner_id: partner.partner_id },
  ];
  const { rows: tables } = await portal.knex.raw<{ rows: { name: string }[] }>(
    `select table_name as name from information_schema.columns
      where column_name = 'organization_id' and table_schema = 'public' order by 1`,
  );
  const empty: string[] = [];
  for (const { name } of tables) {
    const count = async (actor: Actor) =>
      Number(
        (await withActor(portal.knex, actor, (db) => db(name).where({ organization_id: harbor }).count()))[0]?.[
          'count'
        ],
      );
    if ((await count(systemActor(harbor))) === 0) empty.push(name);
    for (const actor of strangers) assert.equal(await count(actor), 0, `${name}: ${actor.side}`);
  }
  assert.deepEqual(empty, EMPTY);
});
