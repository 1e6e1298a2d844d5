import type { Knex } from 'knex';
import { sentence } from '../activity/sentence.js';
import { type Actor, queryPrepared, systemActor, withActor } from '../db/scope.js';
import { typesThatOwe } from '../document_types/relations.js';
import { isOneOf } from '../document_types/type_sql.js';
import { formatFor } from '../pages/format.js';
import { translatorFor } from '../pages/i18n.js';
import { eventUrl } from '../subjects/subject_url.js';

interface Row {
  id: string;
  action: string;
  details: Record<string, unknown>;
  side: string;
  internal: boolean;
  created_at: Date;
  author: string | null;
  comment: string | null;
  organization: { id: string; name: string; slug: string; locale: string; time_zone: string };
  subject: { id: string; kind: string; number: string | null; title: string; state: string };
  partner: { id: string; name: string } | null;
  document: { currency: string; total: number; open: number; issued_on: string; due_on: string | null } | null;
}

const ACTIVITY = `select a.id, a.action, a.details, a.side, a.visible_to = 'staff' as internal, a.created_at,
    p.name as author, c.body as comment,
    (select json_build_object('id', o.id, 'name', o.name, 'slug', o.slug, 'locale', o.locale,
      'time_zone', o.time_zone) from organizations o where o.id = $1) as organization,
    json_build_object('id', s.id, 'kind', s.kind, 'number', s.number, 'title', s.title, 'state', s.state) as subject,
    case when n.id is not null then json_build_object('id', n.id, 'name', n.name) end as partner,
    case when d.id is not null then json_build_object('currency', d.currency, 'total', d.total,
      'issued_on', d.issued_on, 'due_on', d.due_on, 'open', coalesce((
        select case when ${isOneOf('d.type', typesThatOwe('payable'))} then -sum(l.amount) else sum(l.amount) end
        from ledger_entries l where l.organization_id = $1 and l.document_id = d.id), 0)) end as document
  from activities a
    join subjects s on s.organization_id = a.organization_id and s.id = a.subject_id
    left join people p on p.organization_id = a.organization_id and p.id = a.person_id
    left join partners n on n.organization_id = a.organization_id and n.id = s.partner_id
    left join comments c on c.organization_id = a.organization_id and c.id = (a.details ->> 'comment')::uuid
    left join documents d on d.organization_id = a.organization_id and d.id = s.id
  where a.organization_id = $1 and a.id = $2`;

/** Sees what all of the staff see, and no more: not what a partner's side keeps to itself. */
const reader = (organization_id: string): Actor => ({ ...systemActor(organization_id), side: 'staff', role: 'viewer' });

/**
 * What a webhook says of an activity, as JSON: the subject as it is now. Of the activity's details it has the amount
 * and nothing else. Null if the staff don't see it. `base_url`: without a slash at its end.
 */
export async function composePayload(
  db: Knex,
  base_url: string,
  delivery: { organization_id: string; activity_id: string; event: string },
): Promise<string | null> {
  const { organization_id, activity_id, event } = delivery;
  const [row] = await withActor(db, reader(organization_id), (db) =>
    queryPrepared<Row>(db, ACTIVITY, [organization_id, activity_id]),
  );
  return row ? JSON.stringify(payloadOf(row, event, base_url)) : null;
}

/** Amounts are in minor units of the currency. */
function payloadOf(row: Row, event: string, base_url: string) {
  const { id, action, details, organization, subject, partner, document, comment } = row;
  const amount = details['amount'];
  return {
    type: `${subject.kind}.${event}`,
    timestamp: row.created_at.toISOString(),
    data: {
      activity: {
        ...{ id, action, text: textOf(row), internal: row.internal },
        by: { name: row.author, side: row.side },
        ...(typeof amount === 'number' ? { amount } : {}),
        ...(comment === null ? {} : { comment }),
      },
      subject: { ...subject, url: base_url + eventUrl(organization.slug, subject, details), ...document },
      partner,
      organization: { id: organization.id, name: organization.name },
    },
  };
}

/** The sentence of the timeline, as the organization's staff read it. */
function textOf({ action, details, organization, subject, partner, document, author }: Row): string {
  const { locale, time_zone } = organization;
  const { kind: type, number } = subject;
  const told = { action, details, type, number, currency: document?.currency ?? null, actor: author };
  return sentence({ ...told, to: partner?.name ?? '' }, translatorFor(locale), formatFor({ locale, time_zone }));
}
