import { ADDRESS, NAME, type PersonalTable, REASONS } from './personal_table.js';

/** Mail in both directions, and what its addresses and links lead to. */
export const mailTables: readonly PersonalTable[] = [
  {
    name: 'emails',
    label: 'Emails',
    refers: ['person_id'],
    blanks: { by: 'person_id', values: { to_address: ADDRESS, detail: '', text: null } },
    replaces: { key: ['id'], text: ['to_address', 'detail', 'text'] },
  },
  {
    name: 'inbound_deliveries',
    label: 'Received mail',
    refers: ['person_id', 'decided_by'],
    // The original goes with it: see blankOriginals.
    blanks: { by: 'person_id', values: { from_address: ADDRESS, from_name: NAME } },
    replaces: {
      key: ['id'],
      text: [
        'from_address',
        'from_name',
        'subject',
        'preview',
        'evidence',
        'reason',
        'impersonates',
        'message_header_id',
      ],
      json: ['reason_values'],
    },
  },
  {
    name: 'inbound_messages',
    keeps: [{ columns: ['raw', 'mail_from', 'remote_ip', 'helo'], why: REASONS.originals }],
  },
  { name: 'links', label: 'Links in emails', deletes: ['person_id'], refers: ['user_id'] },
  { name: 'reply_keys', label: 'Reply addresses', deletes: ['person_id'] },
  { name: 'bounces', label: 'Bounces', deletes: ['person_id'] },
  { name: 'mail_room_reports', label: 'Reports of waiting mail', deletes: ['person_id'] },
];
