/** A kind of data in somebody's archive: whose rows of which table, and what of them, by plain names. */
export interface Section {
  /** Its name in data.json. */
  name: string;
  label: string;
  /** SQL: the table as `r`, with what is joined; `r` or `c` has the column `by`. `{ids}`: the ids of the person. */
  from: string;
  by: string;
  /** What its rows are read in the order of: the columns of an index after whose rows they are. */
  key: readonly string[];
  /** SQL expressions by their plain names. */
  columns: Readonly<Record<string, string>>;
  /** Rows hang on a subject, which is named. `hidden`: those on a subject that they don't see are left out. */
  subject?: 'named' | 'hidden';
  /** Rows have a stored file. */
  file?: boolean;
}

const same = (...names: string[]) => Object.fromEntries(names.map((name) => [name, `r.${name}`]));
const DECIMAL = `round(r.amount / power(10::numeric, currency_digits(r.currency)), currency_digits(r.currency))::text`;
const FILE = { name: 'r.name', type: 'r.content_type', size: 'r.size', sha256: 'r.sha256', sent_at: 'r.created_at' };

// Looked up by each id, or all of an organization would be read in the order of the key.
const PEOPLE = `unnest({ids}) i (id) cross join lateral (
  select * from people where organization_id = $1 and id = i.id limit 1) r`;
const INVITATIONS = `unnest({ids}) i (id) cross join lateral (
  select * from invitations where organization_id = $1 and person_id = i.id offset 0) r`;

/** What an organization holds of somebody. Nothing of others: no text that they didn't write themselves. */
export const SECTIONS: readonly Section[] = [
  {
    ...{ name: 'profile', label: 'Profile', from: PEOPLE, by: 'r.id', key: ['r.id'] },
    columns: {
      ...same('name', 'email', 'title', 'phone', 'role', 'modules', 'locale', 'time_zone', 'document_locale', 'menu'),
      ...same('created_at', 'invited_at', 'activated_at', 'removed_at'),
      preferred_currency: 'r.currency',
    },
  },
  {
    ...{ name: 'further_addresses', label: 'Further addresses', from: 'person_addresses r', by: 'r.person_id' },
    ...{ key: ['r.email'], columns: same('email', 'created_at') },
  },
  {
    ...{ name: 'former_addresses', label: 'Former addresses', from: 'former_addresses r', by: 'r.person_id' },
    ...{ key: ['r.id'], columns: same('email', 'ended_at') },
  },
  {
    ...{ name: 'messages', label: 'Messages', from: 'comments r', by: 'r.person_id', key: ['r.created_at', 'r.id'] },
    ...{ subject: 'named', columns: { text: 'r.body', ...same('title', 'audience', 'via', 'verified', 'created_at') } },
  },
  {
    ...{ name: 'files', label: 'Files', by: 'c.person_id', key: ['c.created_at', 'r.id'], columns: FILE },
    from: 'files r join comments c on c.organization_id = r.organization_id and c.id = r.comment_id',
    ...{ subject: 'named', file: true },
  },
  {
    ...{ name: 'shared_files', label: 'Shared files', by: 'x.person_id', key: ['x.id'], columns: FILE, file: true },
    from: 'shared_files x join files r on r.organization_id = x.organization_id and r.id = x.file_id',
  },
  {
    ...{
      name: 'project_files',
      label: 'Files of projects',
      by: 'x.person_id',
      key: ['x.id'],
      columns: FILE,
      file: true,
    },
    from: 'project_files x join files r on r.organization_id = x.organization_id and r.id = x.file_id',
  },
  {
    ...{
      name: 'project_logs',
      label: 'Days of project logs',
      from: 'project_logs r',
      by: 'r.person_id',
      key: ['r.id'],
    },
    columns: same('day', 'people', 'weather', 'no_work', 'text', 'created_at'),
  },
  {
    ...{ name: 'company_documents', label: 'Company documents', from: 'partner_files r', by: 'r.added_by' },
    ...{ key: ['r.id'], columns: { ...FILE, kind: 'r.kind', valid_until: 'r.valid_until' }, file: true },
  },
  {
    ...{ name: 'activities', label: 'Activities', from: 'activities r', by: 'r.person_id', key: ['r.id'] },
    ...{ subject: 'named', columns: same('action', 'version', 'created_at') },
  },
  {
    ...{ name: 'takes_part_in', label: 'Takes part in', from: 'participants r', by: 'r.person_id' },
    ...{ key: ['r.subject_id'], subject: 'hidden', columns: same('muted_at') },
  },
  {
    ...{ name: 'notifications', label: 'Notifications', from: 'notifications r', by: 'r.person_id', key: ['r.id'] },
    ...{ subject: 'hidden', columns: same('created_at', 'read_at') },
  },
  {
    ...{ name: 'emails', label: 'Received emails', from: 'emails r', by: 'r.person_id', key: ['r.id'] },
    ...{ subject: 'hidden', columns: { to: 'r.to_address', ...same('kind', 'state', 'created_at', 'accepted_at') } },
  },
  {
    ...{ name: 'received_mail', label: 'Sent emails', from: 'inbound_deliveries r', by: 'r.person_id' },
    ...{ key: ['r.id'], subject: 'named' },
    columns: { ...same('from_name', 'from_address', 'subject'), text: 'r.preview', ...same('state', 'created_at') },
  },
  {
    ...{ name: 'signatures', label: 'Signatures', from: 'signatures r', by: 'r.person_id', key: ['r.id'] },
    columns: {
      ...same('type', 'number', 'title', 'version', 'content_sha256', 'name', 'email', 'method', 'intent'),
      ...same('remote_ip', 'user_agent', 'verified_by', 'signed_at'),
    },
  },
  {
    ...{ name: 'payments', label: 'Payments', from: 'payments r', by: 'r.person_id', key: ['r.id'] },
    columns: { amount: DECIMAL, ...same('currency', 'method', 'reference', 'state', 'paid_on', 'created_at') },
  },
  {
    ...{ name: 'invitations', label: 'Invitations', from: INVITATIONS, by: 'r.person_id', key: ['r.id'] },
    columns: same('sent_at', 'expires_at', 'accepted_at', 'revoked_at'),
  },
  {
    ...{ name: 'accepted_terms', label: 'Accepted terms', from: 'terms_acceptances r', by: 'r.person_id' },
    ...{ key: ['r.kind', 'r.version'], columns: same('kind', 'version', 'text_sha256', 'remote_ip', 'accepted_at') },
  },
  {
    ...{ name: 'requested_modules', label: 'Requests for modules', from: 'module_requests r', by: 'r.person_id' },
    ...{ key: ['r.module'], columns: same('module', 'asked_at') },
  },
  {
    ...{ name: 'absences', label: 'Absences', from: 'absences r', by: 'r.person_id', key: ['r.id'] },
    columns: same('from_on', 'until_on', 'ended_at', 'created_at'),
  },
  {
    ...{ name: 'saved_views', label: 'Saved views', from: 'saved_views r', by: 'r.person_id', key: ['r.path'] },
    columns: same('name', 'path', 'created_at', 'removed_at'),
  },
  {
    ...{ name: 'email_preferences', label: 'Email preferences', from: 'email_preferences r', by: 'r.person_id' },
    key: ['r.person_id'],
    columns: same('rhythms', 'daily_hour', 'weekly_day', 'weekly_hour', 'quiet_from', 'quiet_to'),
  },
  {
    ...{ name: 'security_log', label: 'Security log', from: 'security_events r', by: 'r.person_id', key: ['r.id'] },
    columns: same('action', 'detail', 'remote_ip', 'user_agent', 'created_at'),
  },
  {
    ...{ name: 'bounces', label: 'Bounces', from: 'bounces r', by: 'r.person_id', key: ['r.created_at', 'r.id'] },
    columns: same('kind', 'created_at'),
  },
];

/** What belongs to the user, whatever organizations that is in: for themselves alone. */
export const ACCOUNT_SECTIONS: readonly Section[] = [
  {
    ...{ name: 'devices', label: 'Devices', from: 'sessions r', by: 'r.user_id', key: ['r.id'] },
    columns: same('created_at', 'used_at', 'expires_at', 'user_agent', 'remote_ip'),
  },
  {
    ...{ name: 'passkeys', label: 'Passkeys', from: 'passkeys r', by: 'r.user_id', key: ['r.id'] },
    columns: same('name', 'created_at', 'used_at'),
  },
  {
    ...{ name: 'password', label: 'Password', from: 'passwords r', by: 'r.user_id', key: ['r.user_id'] },
    columns: same('changed_at'),
  },
  {
    ...{ name: 'authenticator_app', label: 'Authenticator app', from: 'totp_secrets r', by: 'r.user_id' },
    ...{ key: ['r.user_id'], columns: same('created_at', 'confirmed_at') },
  },
  {
    ...{ name: 'providers', label: 'Sign-in with a provider', from: 'oidc_subjects r', by: 'r.user_id' },
    ...{ key: ['r.issuer'], columns: same('issuer', 'created_at') },
  },
];
