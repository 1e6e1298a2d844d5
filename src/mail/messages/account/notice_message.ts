import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { describeProfileChanges, profileChangesIn } from '../../../activity/profile_changes.js';
import type { Module } from '../../../document_types/shared/lifecycle.js';
import { formatFor } from '../../../pages/format.js';
import { type Translate, translatorFor } from '../../../pages/i18n.js';
import type { EmailButton, EmailLayout } from '../../../pages/views/layouts.js';
import { defineView } from '../../../pages/views/render.js';
import { contactRoleLabel } from '../../../subjects/contact_roles.js';
import { moduleNamed, modulesOf } from '../../../subjects/modules.js';
import { webhookChanged } from './webhook_notice.js';
import { type Addressing, addressingOf, headersFor, renderFor } from './account_messages.js';
import type { Installation } from '../message_headers.js';

interface NoticeEmail {
  headline: string;
  subtitle: string;
  button: EmailButton | null;
}

export const noticeEmail = defineView<NoticeEmail, EmailLayout>('emails/notice');

/** An email about somebody's access, with the activity it is about. `who`: whose access it is. */
interface Row extends Addressing {
  action: string;
  details: {
    name?: string;
    module?: Module;
    numbers?: string;
    first?: string;
    changes?: unknown;
    brand?: string;
    last_four?: string;
    number?: string;
    gone?: string;
  };
  actor: string | null;
  reader_id: string;
  /** Null for staff. */
  reader_partner: string | null;
  who_id: string | null;
  role: string;
  modules: string[] | null;
  partner_id: string | null;
  partner: string | null;
  is_customer: boolean;
  is_vendor: boolean;
}

interface Words {
  headline: string;
  subtitle: string;
  /** Of the button; null: there is none. */
  label: string | null;
  /** Where it leads, if not to the access of whom it is about. */
  path?: string;
}

/** The email about an activity that belongs to no subject; null if it can't be told any more. */
export async function composeNotice(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  installation: Installation,
): Promise<SendMailOptions | null> {
  const row = await findNotice(db, organization_id, email_id);
  const words = row && wordsOf(row, translatorFor(row.locale));
  if (!row || !words) return null;
  const { headline, subtitle, label, path = accessPath(row) } = words;
  const button = label === null ? null : { label, url: `${installation.base_url}/${row.slug}${path}` };
  return {
    ...headersFor(row, headline, installation),
    ...renderFor(row, noticeEmail, { headline, subtitle, button }),
  };
}

/** SQL: whose access it is. Their id comes first by itself, or it could not be looked up by the index. */
const WHO = `cross join lateral (select (a.details->>'person_id')::uuid as person_id offset 0) about
  left join lateral (select w.id, w.role, w.modules from people w
    where w.organization_id = a.organization_id and w.id = about.person_id limit 1) w on true`;

const findNotice = (db: Knex.Transaction, organization_id: string, email_id: string): Promise<Row | undefined> =>
  addressingOf(db, organization_id, email_id)
    .join('activities as a', (on) => on.on('a.organization_id', 'e.organization_id').on('a.id', 'e.activity_id'))
    .leftJoin('people as b', (on) => on.on('b.organization_id', 'a.organization_id').on('b.id', 'a.person_id'))
    .joinRaw(WHO)
    .leftJoin('partners as n', (on) => on.on('n.organization_id', 'a.organization_id').on('n.id', 'a.partner_id'))
    .first(
      ...['a.action', 'a.details', 'b.name as actor', 'p.id as reader_id', 'p.partner_id as reader_partner'],
      ...['w.id as who_id', 'w.role', 'a.partner_id', 'n.name as partner', 'n.is_customer', 'n.is_vendor'],
      db.raw('usable_modules(o.modules, w.modules) as modules'),
    );

/** Where the reader sees and changes the access of whom it is about. */
function accessPath({ reader_partner, partner_id, who_id }: Row): string {
  if (!partner_id) return '/settings/members';
  return reader_partner ? `/colleagues/${who_id}` : `/partners/${partner_id}/contacts/${who_id}/access`;
}

type Values = Record<'name' | 'partner' | 'organization' | 'actor' | 'access' | 'module', string>;

/** "For Maple Street Clinic. Member: Projects, Quotes and Invoices." */
const forPartner = (t: Translate, values: Values) => t('For {{partner}}. {{access}}', values);

const WORDS: Record<string, (t: Translate, values: Values, row: Row) => Words> = {
  activate: (t, values, { partner }) => ({
    headline: t('{{name}} is active now', values),
    subtitle: partner ? forPartner(t, values) : values.organization,
    label: partner ? t('See what they may use') : null,
  }),
  ask_invitation: (t, values) => ({
    headline: t('{{name}} asks for a new invitation', values),
    subtitle: t('The link in the last one has expired.'),
    label: t('Invite again'),
  }),
  ask_module: (t, values, row) => ({
    headline: t('{{name}} asks to use {{module}}', values),
    subtitle: forPartner(t, values),
    label: t('Give access'),
    path: `${accessPath(row)}?allow=${row.details.module ?? ''}`,
  }),
  ask_erasure: (t, values, row) => ({
    headline: t('{{name}} asks to have their data erased', values),
    subtitle: row.partner ? t('A contact of {{partner}}.', values) : values.organization,
    label: t('See what is kept'),
    path: `/people/${row.who_id}/data`,
  }),
  erase_person: (t, values) => ({
    headline: t('Your data has been erased'),
    subtitle: t(
      '{{organization}} erased your name and addresses. What was signed or booked stays. This is our last email.',
      values,
    ),
    label: null,
  }),
  find_differences: (t, _values, { details: { numbers = '', first = '' } }) => ({
    headline: t('The ledger doesn’t match {{numbers}}', { numbers }),
    subtitle: t('Last night’s check found this. Nothing was changed. Compare the payments with your bank account.'),
    label: t('Open {{number}}', { number: first }),
    path: `/documents/${first}`,
  }),
  change_payment_details: paymentChanged,
  add_payment_account: paymentChanged,
  remove_payment_account: paymentChanged,
  connect_stripe: stripeChanged,
  change_stripe: stripeChanged,
  disconnect_stripe: stripeChanged,
  add_webhook: webhookChanged,
  change_webhook: webhookChanged,
  pause_webhook: webhookChanged,
  resume_webhook: webhookChanged,
  rotate_webhook: webhookChanged,
  remove_webhook: webhookChanged,
  stop_webhook: webhookChanged,
  store_method: (t, values, row) => ({
    ...methodChanged(t, row),
    headline: t('{{actor}} saved a payment method for {{partner}}', values),
  }),
  remove_method: (t, values, row) => ({
    ...methodChanged(t, row),
    headline: t('{{actor}} removed a payment method of {{partner}}', values),
  }),
  detach_method: (t, values, row) => ({
    ...methodChanged(t, row),
    headline: t('A payment method of {{partner}} was removed at Stripe', values),
  }),
  agree_charging: (t, values, row) => ({
    ...chargingChanged(t, row),
    headline: t('{{actor}} turned on automatic payment of {{name}}', values),
  }),
  end_charging: (t, values, row) => ({
    ...chargingChanged(t, row),
    headline: t('{{actor}} turned off automatic payment of {{name}}', values),
  }),
  lose_charging: (t, values, row) => ({
    ...chargingChanged(t, row),
    headline: t('Automatic payment of {{name}} has ended', values),
  }),
  change_access: (t, values, row) => (row.reader_id === row.who_id ? changedYours(t, values) : changed(t, values)),
  invite: (t, values) => ({
    headline: t('{{actor}} invited {{name}}', values),
    subtitle: forPartner(t, values),
    label: t('See what they may use'),
  }),
  remove_contact: (t, values, row) => (row.reader_id === row.who_id ? removedYou(t, values) : removed(t, values, row)),
};

/** "Account: – → USD •••• 3088." */
function changesSaid(t: Translate, { details, locale, time_zone }: Row): string {
  const format = formatFor({ locale, time_zone });
  const changes = describeProfileChanges(profileChangesIn(details), { t, format });
  return `${changes.map(({ what, before, after }) => `${what}: ${before} → ${after}`).join('; ')}.`;
}

function paymentChanged(t: Translate, values: Values, row: Row): Words {
  return {
    headline: t('{{actor}} changed where {{organization}} is paid', values),
    subtitle: [
      changesSaid(t, row),
      t('Invoices sent from now on say so. If you didn’t agree on this, undo it now.'),
    ].join(' '),
    label: t('See where you are paid'),
    path: '/settings/organization/getting-paid',
  };
}

function stripeChanged(t: Translate, values: Values, row: Row): Words {
  return {
    headline: t('{{actor}} changed how {{organization}} is paid online', values),
    subtitle: `${changesSaid(t, row)} ${t('If you didn’t agree on this, undo it now.')}`,
    label: t('See online payment'),
    path: '/settings/organization/online-payment',
  };
}
/** "Visa ending in 4242. …" */
const methodChanged = (t: Translate, { details: { brand = '', last_four = '' } }: Row) => ({
  subtitle: [
    `${t('{{brand}} ending in {{ending}}', { brand, ending: last_four })}.`,
    t('Everyone at your company who can pay gets this email. If you didn’t expect it, check your saved methods.'),
  ].join(' '),
  label: t('See payment methods'),
  path: '/payment-methods',
});

/** "Visa ending in 4242. …" */
const chargingChanged = (t: Translate, { details: { brand = '', last_four = '', number = '' } }: Row) => ({
  subtitle: [
    `${t('{{brand}} ending in {{ending}}', { brand, ending: last_four })}.`,
    t('Everyone at your company who can pay gets this email.'),
  ].join(' '),
  label: t('View subscription'),
  path: `/subscriptions/${number}`,
});

const changedYours = (t: Translate, values: Values): Words => ({
  headline: t('Your access to {{organization}} has changed', values),
  subtitle: t('{{actor}} changed it. {{access}}', values),
  label: t('Open the portal'),
  path: '',
});

const changed = (t: Translate, values: Values): Words => ({
  headline: t('{{actor}} changed what {{name}} may use', values),
  subtitle: forPartner(t, values),
  label: t('See what they may use'),
});

const removedYou = (t: Translate, values: Values): Words => ({
  headline: t('Your access to {{organization}} has ended', values),
  subtitle: t('{{actor}} removed you as a contact of {{partner}}.', values),
  label: null,
});

const removed = (t: Translate, values: Values, { partner_id }: Row): Words => ({
  headline: t('{{actor}} removed {{name}}', values),
  subtitle: t('They are no longer a contact of {{partner}}.', values),
  label: t('See the contacts'),
  path: `/partners/${partner_id}`,
});

function wordsOf(row: Row, t: Translate): Words | null {
  const { name = '', module } = row.details;
  const { organization, partner, actor } = row;
  return (
    WORDS[row.action]?.(
      t,
      {
        ...{ name, organization, partner: partner ?? '', actor: actor ?? organization, access: accessOf(row, t) },
        module: module ? t(moduleNamed(module).label) : '',
      },
      row,
    ) ?? null
  );
}

/** "Member: Projects, Quotes and Invoices." */
function accessOf({ role, modules, locale, time_zone, ...partner }: Row, t: Translate): string {
  const names = modulesOf(partner, modules).map(({ label }) => t(label));
  const list = formatFor({ locale, time_zone }).list(names);
  const values = { role: t(contactRoleLabel(role)), modules: list };
  return names.length ? t('{{role}}: {{modules}}.', values) : t('{{role}}: only what is sent to them.', values);
}
