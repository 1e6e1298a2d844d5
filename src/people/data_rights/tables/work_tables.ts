import { type PersonalTable, REASONS } from './personal_table.js';
import { timeTables } from './time_tables.js';

/** What people did together: documents, messages, money. */
export const workTables: readonly PersonalTable[] = [
  { name: 'participants', refers: ['person_id'] },
  {
    name: 'activities',
    label: 'Activities',
    refers: ['person_id'],
    replaces: { key: ['id'], text: [], json: ['details'] },
  },
  {
    name: 'comments',
    label: 'Messages',
    refers: ['person_id'],
    replaces: { key: ['id'], text: ['title', 'body', 'trimmed', 'evidence', 'placed_by', 'notices'] },
    keeps: [{ columns: [], why: REASONS.words }],
  },
  { name: 'comment_tags', refers: ['person_id', 'notified_by'] },
  { name: 'thread_people', refers: ['person_id'] },
  {
    name: 'files',
    label: 'Files',
    replaces: { key: ['id'], text: ['name'] },
    keeps: [{ columns: [], why: REASONS.files }],
  },
  {
    name: 'shared_files',
    label: 'Shared files',
    refers: ['person_id'],
    replaces: { key: ['id'], text: ['name'] },
    keeps: [{ columns: [], why: REASONS.files }],
  },
  {
    name: 'project_files',
    label: 'Files of projects',
    refers: ['person_id'],
    replaces: { key: ['id'], text: ['name', 'folder'] },
    keeps: [{ columns: [], why: REASONS.files }],
  },
  {
    name: 'project_logs',
    label: 'Days of project logs',
    refers: ['person_id'],
    replaces: { key: ['id'], text: ['text', 'people', 'no_work', 'weather'] },
    keeps: [{ columns: [], why: REASONS.words }],
  },
  {
    name: 'project_log_files',
    label: 'Photos of project logs',
    replaces: { key: ['id'], text: ['name', 'description'] },
    keeps: [{ columns: [], why: REASONS.files }],
  },
  {
    name: 'project_mails',
    label: 'Emails to projects',
    refers: ['person_id'],
    replaces: { key: ['id'], text: ['title'] },
  },
  { name: 'notifications', label: 'Notifications', deletes: ['person_id'] },
  {
    name: 'payments',
    label: 'Payments',
    refers: ['person_id'],
    replaces: { key: ['id'], text: ['reference', 'failure'] },
    keeps: [{ columns: ['gateway_reference'], why: REASONS.money }],
  },
  {
    name: 'payment_methods',
    refers: ['person_id'],
    keeps: [
      {
        columns: ['account', 'reference', 'brand', 'last_four', 'expires'],
        why: REASONS.partner,
      },
    ],
  },
  {
    name: 'payment_mandates',
    refers: ['person_id'],
    keeps: [{ columns: ['method', 'brand', 'last_four', 'currency', 'words', 'ended_by'], why: REASONS.money }],
  },
  { name: 'scheduled_charges', keeps: [{ columns: ['method', 'brand', 'last_four', 'cause'], why: REASONS.money }] },
  { name: 'method_setups', refers: ['person_id'] },
  {
    name: 'refunds',
    label: 'Refunds',
    refers: ['person_id'],
    replaces: { key: ['id'], text: ['reason', 'failure'] },
    keeps: [{ columns: ['gateway_reference'], why: REASONS.money }],
  },
  {
    name: 'statement_emails',
    label: 'Emailed statements',
    refers: ['sent_by'],
    replaces: { key: ['id'], text: ['message'] },
  },
  {
    name: 'payment_runs',
    refers: ['created_by', 'exported_by', 'ended_by'],
    keeps: [{ columns: ['format'], why: REASONS.money }],
  },
  {
    name: 'bank_statements',
    label: 'Bank statements',
    refers: ['person_id'],
    replaces: { key: ['id'], text: ['name'] },
  },
  {
    name: 'bank_entries',
    label: 'Entries of bank statements',
    refers: ['decided_by'],
    replaces: { key: ['id'], text: ['reference', 'payer'] },
    keeps: [{ columns: ['key'], why: REASONS.money }],
  },
  {
    name: 'gateway_events',
    label: 'Events of the payment gateway',
    replaces: { key: ['gateway', 'event_id'], text: [], json: ['payload'] },
  },
  {
    name: 'signatures',
    refers: ['person_id'],
    keeps: [
      {
        columns: ['title', 'name', 'email', 'intent', 'remote_ip', 'user_agent'],
        why: REASONS.signatures,
      },
    ],
  },
  {
    name: 'documents',
    refers: ['promised_by', 'disputed_by', 'approved_by', 'entered_by'],
    keeps: [
      {
        columns: ['title', 'reference', 'reference_key', 'terms', 'note', 'proposed', 'differences'],
        why: REASONS.documents,
      },
    ],
  },
  {
    name: 'lines',
    keeps: [{ columns: ['group_name', 'description', 'taxes'], why: REASONS.documents }],
  },
  { name: 'versions', keeps: [{ columns: ['snapshot'], why: REASONS.documents }] },
  { name: 'subjects', keeps: [{ columns: ['title'], why: REASONS.documents }] },
  {
    name: 'subscriptions',
    keeps: [
      {
        columns: ['title', 'lines', 'reference', 'note', 'terms', 'adjustments', 'skipped', 'unit', 'asked'],
        why: REASONS.documents,
      },
    ],
  },
  { name: 'subscription_periods', keeps: [{ columns: ['lines'], why: REASONS.documents }] },
  {
    name: 'projects',
    refers: ['manager_id'],
    keeps: [{ columns: ['name', 'description', 'shown', 'time_shown'], why: REASONS.documents }],
  },
  {
    name: 'tasks',
    refers: ['assignee_id', 'reason_by', 'proposed_by', 'done_by'],
    keeps: [{ columns: ['title', 'note', 'trade', 'reason', 'proposed_reason'], why: REASONS.documents }],
  },
  { name: 'project_templates', keeps: [{ columns: ['name'], why: REASONS.documents }] },
  { name: 'template_tasks', keeps: [{ columns: ['title', 'note', 'trade'], why: REASONS.documents }] },
  {
    name: 'events',
    refers: ['organizer_id', 'proposed_by'],
    keeps: [{ columns: ['title', 'note', 'place', 'time_zone', 'repeats'], why: REASONS.documents }],
  },
  { name: 'event_answers', label: 'Answers to invitations', deletes: ['person_id'] },
  { name: 'calendar_feeds', label: 'Calendar address', deletes: ['person_id'], refers: ['user_id'] },
  { name: 'days_off', keeps: [{ columns: ['name'], why: REASONS.documents }] },
  ...timeTables,
  { name: 'budget_groups', keeps: [{ columns: ['name'], why: REASONS.documents }] },
  { name: 'budget_items', keeps: [{ columns: ['name', 'unit'], why: REASONS.documents }] },
  {
    name: 'items',
    refers: ['created_by'],
    keeps: [
      {
        columns: ['code', 'code_key', 'name', 'name_key', 'description', 'unit', 'group_name', 'picture_sha256'],
        why: REASONS.documents,
      },
    ],
  },
  { name: 'item_vendors', keeps: [{ columns: ['code'], why: REASONS.documents }] },
  { name: 'item_words', keeps: [{ columns: ['word'], why: REASONS.documents }] },
  { name: 'budget_item_sums', keeps: [{ columns: ['offered_in', 'ordered_in'], why: REASONS.documents }] },
  {
    name: 'partners',
    refers: ['reminders_stopped_by'],
    keeps: [
      {
        columns: ['name', 'name_key', 'email', 'address', 'tax_number', 'late_charges', 'interest_step'],
        why: REASONS.partner,
      },
    ],
  },
  {
    name: 'partner_profiles',
    refers: ['edited_by', 'confirmed_by'],
    keeps: [
      { columns: ['legal_name', 'trading_name', 'phone', 'website', 'registration_number'], why: REASONS.partner },
    ],
  },
  {
    name: 'partner_addresses',
    keeps: [{ columns: ['lines', 'city', 'region', 'postal_code'], why: REASONS.partner }],
  },
  {
    name: 'partner_tax_ids',
    keeps: [{ columns: ['entered', 'normalized'], why: REASONS.partner }],
  },
  {
    name: 'partner_files',
    label: 'Company documents',
    refers: ['added_by'],
    replaces: { key: ['id'], text: ['name', 'note'] },
    keeps: [{ columns: [], why: REASONS.files }],
  },
  {
    name: 'bank_accounts',
    refers: ['entered_by', 'confirmed_by'],
    keeps: [{ columns: ['holder', 'bank_name', 'last_four'], why: REASONS.partner }],
  },
  {
    name: 'bank_account_numbers',
    keeps: [{ columns: ['sealed'], why: REASONS.partner }],
  },
];
