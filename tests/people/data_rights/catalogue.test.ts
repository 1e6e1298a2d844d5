import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PERSONAL_TABLES } from '../../../src/people/data_rights/tables/personal_tables.js';
import type { PersonalTable } from '../../../src/people/data_rights/tables/personal_table.js';
import { openPortal, type Portal } from '../../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

/** Columns that are not about persons, whatever table they are in: codes, languages, hashes. */
const CODES = `action audience basis code content_sha256 content_type country currency declared_type document_locale
  drawing_sha256 from_currency gateway kind locale message_id method modules number pdf_sha256 request_id role sha256
  side
  started_by state text_sha256 time_zone to_currency token_hash type via visible_to`;

/** The same of one table; `*`: the whole table. */
const NOT_ABOUT_PERSONS: Record<string, string> = {
  bank_account_numbers: 'key_fingerprint',
  bank_accounts: 'holder_type',
  counters: 'name',
  documents: 'billed_lines',
  files: 'withdrawn_by held_by small_sha256',
  gateway_events: 'event_id',
  // An address of ours, and a sentence with placeholders.
  inbound_deliveries: 'recipient reason_sentence',
  inbound_messages: 'source',
  lines: 'unit choice',
  organizations: 'slug accent',
  projects: 'key',
  project_addresses: 'key',
  signatures: 'verified_by',
  // What it looks for is forgotten at its end; its email's address later.
  erasures: '*',
  // Made anew by triggers, and for subjects by reindexSubjects.
  ...{ subject_words: 'word', partner_words: 'word', inbound_words: 'word', part_words: 'word part' },
  words_to_make: 'part',
  // Of a user, with whose account it ends: end_account.ts. Some of it goes by itself, within minutes or days.
  ...{ users: '*', sessions: '*', sign_ins: '*', sign_in_browsers: '*', wrong_codes: '*', rate_limits: '*' },
  ...{ passwords: '*', passkeys: '*', passkey_challenges: '*', totp_secrets: '*', recovery_codes: '*' },
  ...{ oidc_subjects: '*', second_steps: '*', known_devices: '*' },
  // Mail of a demo: removed with the address.
  mailbox_messages: '*',
  // Of the installation.
  ...{ dkim_keys: '*', imap_mailboxes: '*', installation_secrets: '*', mail_checks: '*', mail_pace: '*' },
  ...{ migrations: '*', print_failures: '*', signing_keys: '*', workers: '*', processes: '*' },
  // Gone with its job; what it quotes is masked.
  failing_jobs: '*',
  // Which event it was, and a sentence of ours.
  webhook_deliveries: 'event error',
};

const columnsOf = ({ refers = [], blanks, replaces, keeps = [] }: PersonalTable) => [
  ...[...refers, ...Object.keys(blanks?.values ?? {}), ...(blanks ? [blanks.by] : [])],
  ...[...(replaces?.text ?? []), ...(replaces?.json ?? []), ...keeps.flatMap(({ columns }) => columns)],
];

/** Every column that can hold text or bytes, and every one that names a person or a user. */
async function columnsInDatabase(): Promise<string[]> {
  const { rows } = await portal.knex.raw<{ rows: { column: string }[] }>(`
    select c.table_name || '.' || c.column_name as column
    from information_schema.columns c join pg_class t on t.oid = to_regclass(quote_ident(c.table_name)) and t.relkind = 'r'
    where c.table_schema = 'public' and (
      c.data_type in ('text', 'character varying', 'json', 'jsonb', 'bytea') or c.udt_name in ('_text', '_varchar')
      or exists (
        select from pg_constraint f join pg_attribute a on a.attrelid = f.conrelid and a.attnum = any(f.conkey)
        where f.contype = 'f' and f.conrelid = t.oid and a.attname = c.column_name
          and f.confrelid in ('people'::regclass, 'users'::regclass) and a.attname <> 'organization_id'))
    order by 1`);
  return rows.map(({ column }) => column);
}

test('of every column that may hold something of a person it is known what becomes of it', async () => {
  const known = new Set([
    ...PERSONAL_TABLES.flatMap((table) => columnsOf(table).map((column) => `${table.name}.${column}`)),
    ...Object.entries(NOT_ABOUT_PERSONS).flatMap(([table, names]) => names.split(' ').map((one) => `${table}.${one}`)),
  ]);
  const deleted = new Set(PERSONAL_TABLES.filter(({ deletes }) => deletes).map(({ name }) => name));
  const tableOf = (column: string) => column.split('.')[0] ?? '';
  const codes = new Set(CODES.split(/\s+/));
  const found = (await columnsInDatabase()).filter((column) => !codes.has(column.split('.')[1] ?? ''));
  const unknown = found.filter(
    (column) => !known.has(column) && !deleted.has(tableOf(column)) && !known.has(`${tableOf(column)}.*`),
  );
  assert.equal(unknown.join(' '), '');
});
