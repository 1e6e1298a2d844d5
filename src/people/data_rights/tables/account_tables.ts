import { ADDRESS, NAME, type PersonalTable, REASONS } from './personal_table.js';

/** Who somebody is in an organization, and what they set there. */
export const accountTables: readonly PersonalTable[] = [
  {
    name: 'people',
    label: 'Name, address and settings',
    refers: ['user_id'],
    blanks: {
      by: 'id',
      values: {
        name: NAME,
        email: ADDRESS,
        last_name: '',
        title: '',
        phone: '',
        photo_sha256: null,
        saved_views: '[]',
        menu: null,
        currency: null,
      },
    },
    replaces: { key: ['id'], text: ['title'], json: ['saved_views'] },
  },
  { name: 'person_addresses', label: 'Further addresses', refers: ['added_by'], deletes: ['person_id'] },
  { name: 'former_addresses', label: 'Former addresses', deletes: ['person_id'] },
  {
    name: 'saved_views',
    label: 'Saved views',
    deletes: ['person_id'],
    replaces: { key: ['id'], text: ['name', 'path'] },
  },
  { name: 'email_preferences', label: 'Email preferences', deletes: ['person_id'] },
  { name: 'absences', label: 'Absences', deletes: ['person_id', 'deputy_id'] },
  { name: 'module_requests', label: 'Requests for modules', deletes: ['person_id'] },
  { name: 'api_tokens', label: 'API tokens', deletes: ['person_id', 'user_id'] },
  { name: 'sent_forms', label: 'Forms sent lately', deletes: ['person_id'] },
  {
    name: 'invitations',
    label: 'Invitations',
    refers: ['person_id', 'invited_by'],
    replaces: { key: ['id'], text: ['message'] },
  },
  {
    name: 'terms_acceptances',
    label: 'Accepted terms',
    refers: ['person_id'],
    blanks: { by: 'person_id', values: { remote_ip: '' } },
  },
  {
    name: 'security_events',
    label: 'Security log',
    refers: ['person_id'],
    blanks: { by: 'person_id', values: { remote_ip: '', user_agent: '', detail: '' } },
  },
  {
    name: 'organizations',
    keeps: [
      {
        columns: [
          ...['name', 'legal_name', 'email', 'address', 'tax_kind', 'tax_number', 'payment_note', 'online_methods'],
          'footer',
          'interest_step',
        ],
        why: REASONS.organization,
      },
    ],
  },
  {
    name: 'type_defaults',
    keeps: [{ columns: ['terms', 'note'], why: REASONS.organization }],
  },
  {
    name: 'terms_versions',
    refers: ['published_by'],
    keeps: [{ columns: ['text'], why: REASONS.organization }],
  },
  { name: 'exchange_rates', refers: ['person_id'] },
  {
    name: 'tax_rates',
    refers: ['created_by'],
    keeps: [{ columns: ['name', 'note', 'category'], why: REASONS.organization }],
  },
  {
    name: 'accounting',
    keeps: [{ columns: ['chart', 'consultant_number', 'client_number'], why: REASONS.organization }],
  },
  {
    name: 'booking_accounts',
    keeps: [{ columns: ['purpose', 'tax', 'account', 'tax_account', 'tax_key'], why: REASONS.organization }],
  },
  {
    name: 'imports',
    label: 'Imports',
    refers: ['created_by'],
    replaces: { key: ['id'], text: ['name', 'problem'], json: ['facts', 'settings'] },
    keeps: [{ columns: ['counts'], why: REASONS.organization }],
  },
  {
    name: 'import_rows',
    label: 'Imported rows',
    replaces: { key: ['import_id', 'row'], text: ['reason'], json: ['cells'] },
    keeps: [{ columns: ['outcome', 'field'], why: REASONS.organization }],
  },
  { name: 'import_matches', keeps: [{ columns: ['settings'], why: REASONS.organization }] },
  { name: 'numberings', keeps: [{ columns: ['prefix'], why: REASONS.organization }] },
  { name: 'number_prefixes', keeps: [{ columns: ['prefix'], why: REASONS.organization }] },
  { name: 'late_fees', keeps: [{ columns: ['step'], why: REASONS.organization }] },
  { name: 'reminder_texts', keeps: [{ columns: ['step', 'language', 'body'], why: REASONS.organization }] },
  {
    name: 'stripe_keys',
    keeps: [
      {
        columns: [
          ...['account', 'secret_key', 'webhook_secret', 'old_webhook_secret'],
          ...['secret_key_ending', 'webhook_secret_ending', 'old_webhook_secret_ending'],
        ],
        why: REASONS.organization,
      },
    ],
  },
  { name: 'webhooks', refers: ['created_by'], keeps: [{ columns: ['url', 'events'], why: REASONS.organization }] },
  { name: 'webhook_secrets', keeps: [{ columns: ['sealed', 'old_sealed'], why: REASONS.organization }] },
  {
    name: 'webhook_deliveries',
    label: 'What webhooks were sent',
    replaces: { key: ['webhook_id', 'message_id'], text: ['body', 'answer'] },
  },
  {
    name: 'stripe_customers',
    keeps: [{ columns: ['account', 'reference'], why: REASONS.organization }],
  },
  {
    name: 'payment_accounts',
    refers: ['entered_by', 'ended_by'],
    keeps: [{ columns: ['holder', 'bank_name', 'numbers'], why: REASONS.organization }],
  },
];
