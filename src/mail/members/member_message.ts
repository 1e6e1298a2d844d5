import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { sentence } from '../../activity/sentence.js';
import { formatFor } from '../../pages/format.js';
import { translatorFor } from '../../pages/i18n.js';
import type { EmailButton, EmailLayout } from '../../pages/views/layouts.js';
import { defineView } from '../../pages/views/render.js';
import { type Addressing, addressingOf, headersFor, renderFor } from '../messages/account/account_messages.js';
import { memberText } from './member_text.js';
import type { Installation } from '../messages/message_headers.js';

interface MemberEmail {
  headline: string;
  subtitle: string;
  /** What was done for somebody who was away, a sentence each. */
  done: string[];
  /** Null for whom access has ended. */
  button: EmailButton | null;
}

export const memberEmail = defineView<MemberEmail, EmailLayout>('emails/member');

interface Change {
  person_id: string;
  action: string;
  details: Readonly<Record<string, unknown>>;
  author: string | null;
}

/** Tells a member of the staff that their role, limits, access or an absence changed; null if that is not there. */
export async function composeMemberChange(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  installation: Installation,
): Promise<SendMailOptions | null> {
  const row: (Addressing & Change) | undefined = await addressingOf(db, organization_id, email_id)
    .join('activities as a', (on) => on.on('a.organization_id', 'e.organization_id').on('a.id', 'e.cause_id'))
    .leftJoin('people as w', (on) => on.on('w.organization_id', 'a.organization_id').on('w.id', 'a.person_id'))
    .first('e.person_id', 'a.action', 'a.details', 'w.name as author');
  if (!row) return null;
  const { locale, time_zone, slug, organization, action, details, person_id, author } = row;
  const [t, format] = [translatorFor(locale), formatFor({ locale, time_zone })];
  const own = details['person_id'] === person_id;
  const { headline, subtitle } = memberText({ action, details, own, author, organization }, t, format);
  const away = action === 'end_absence';
  const url = `${installation.base_url}/${slug}/settings/members`;
  return {
    ...headersFor(row, headline, installation),
    ...renderFor(row, memberEmail, {
      headline,
      subtitle,
      done: away ? await doneFor(db, organization_id, row) : [],
      button: action === 'remove_member' ? null : { label: t('See members and roles'), url },
    }),
  };
}

/** So many of the things that were done for somebody are listed. */
const MOST = 30;

/** What deputies did for somebody while they were away, the newest first. */
async function doneFor(
  db: Knex.Transaction,
  organization_id: string,
  { details, person_id, locale, time_zone }: Addressing & Change,
): Promise<string[]> {
  const done: Done[] = await db('activities as a')
    .join('people as p', (on) => on.on('p.organization_id', 'a.organization_id').on('p.id', 'a.person_id'))
    .join('subjects as s', (on) => on.on('s.organization_id', 'a.organization_id').on('s.id', 'a.subject_id'))
    .leftJoin('documents as d', (on) => on.on('d.organization_id', 's.organization_id').on('d.id', 's.id'))
    .leftJoin('partners as n', (on) => on.on('n.organization_id', 's.organization_id').on('n.id', 's.partner_id'))
    .where({ 'a.organization_id': organization_id })
    .whereRaw(`a.details -> 'for_id' is not null and a.details ->> 'for_id' = ?`, [person_id])
    // A day earlier in some zone is the same day in the organization's.
    .whereRaw(`a.created_at > ?::date - interval '1 day'`, [String(details['from_on'])])
    .orderBy('a.id', 'desc')
    .limit(MOST)
    .select('a.action', 'a.details', 'p.name as actor', 's.kind as type', 's.number', 'd.currency', 'n.name as to');
  const [t, format] = [translatorFor(locale), formatFor({ locale, time_zone })];
  return done.map((one) => sentence(one, t, format));
}

type Done = Parameters<typeof sentence>[0];
