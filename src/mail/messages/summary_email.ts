import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { isOptional } from '../../activity/notification_kinds.js';
import { capital, sentence, subjectLabel } from '../../activity/sentence.js';
import { type Format, formatFor } from '../../pages/format.js';
import { type Translate, translatorFor } from '../../pages/i18n.js';
import type { EmailButton, EmailLayout } from '../../pages/views/layouts.js';
import { defineView, renderEmail } from '../../pages/views/render.js';
import { lifecycleOf } from '../../subjects/lifecycles.js';
import { issueLinks } from '../links/issue_keys.js';
import { unsubscribeToken } from '../suppression/mute.js';
import { whySuppressed } from '../suppression/suppression.js';
import { type Installation, listHeaders, messageHeaders, subjectOf } from './message_headers.js';
import { safeTexts } from './safe_text.js';
import { MOST_EVENTS, readSummary, type SummaryEvent, type SummaryReader } from './summary_query.js';

interface Summary {
  headline: string;
  subtitle: string;
  things: SummaryThing[];
  /** That there is more than is listed. */
  more: string | null;
  button: EmailButton;
  settings: EmailButton;
}

/** A subject, with what happened there. */
interface SummaryThing {
  title: string;
  label: string;
  /** That it awaits the reader; null if it doesn't. */
  asks: string | null;
  lines: { text: string; said: string | null }[];
  more: string | null;
  open: EmailButton;
}

export const summaryEmail = defineView<Summary, EmailLayout>('emails/summary');

const [MOST_THINGS, MOST_LINES] = [20, 5];

/** The summary that a person gets at their hour; null if there is nothing left to tell. */
export async function composeSummary(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  installation: Installation,
): Promise<SendMailOptions | null> {
  const { reader, events } = await readSummary(db, organization_id, email_id);
  if (!reader) return null;
  const told = events.filter((event) => isTold(event, reader));
  const groups = groupsOf(told, reader);
  if (!groups.length) return null;
  const shown = groups.slice(0, MOST_THINGS);
  const { person_id } = reader;
  const linked = shown.map(([{ id, message_id, subject_id }]) => ({ id, message_id, person_id, subject_id }));
  const links = await issueLinks(db, installation.secret, organization_id, linked);
  const urls = links.map((link) => `${installation.base_url}/in/${link}`);
  const home = `${installation.base_url}/${reader.slug}`;
  return compose(reader, summaryOf(reader, groups, urls, events.length === MOST_EVENTS, home), installation);
}

/** What is only said is left out where they asked for less of it, or mail to them came back. */
function isTold({ action, muted }: SummaryEvent, reader: SummaryReader): boolean {
  const optional = isOptional(action);
  return whySuppressed(reader, optional) === null && !(optional && muted);
}

type Group = [SummaryEvent, ...SummaryEvent[]];

/** By subject: first what awaits the reader, then the newest. */
function groupsOf(events: readonly SummaryEvent[], reader: SummaryReader): Group[] {
  const groups = new Map<string, Group>();
  for (const event of events) {
    const group = groups.get(event.subject_id);
    if (group) group.push(event);
    else groups.set(event.subject_id, [event]);
  }
  const rank = ([event]: Group) => (awaits(event, reader) ? 0 : 1);
  return [...groups.values()].toSorted((one, other) => rank(one) - rank(other));
}

const awaits = ({ type, state }: SummaryEvent, { partner_id, guest }: SummaryReader) =>
  !guest && lifecycleOf(type).stateLabels[state]?.awaits === (partner_id ? 'partner' : 'staff');

function compose(reader: SummaryReader, summary: Summary, installation: Installation): SendMailOptions {
  const { slug, organization: name, accent, locale, time_zone, message_id } = reader;
  const stop_url = `${installation.base_url}/unsubscribe/${unsubscribeToken(installation.secret, message_id)}`;
  const { headers, ...envelope } = messageHeaders(
    { slug, name },
    { name: reader.name, address: reader.to_address },
    { message_id, subject: subjectOf({ name }, summary.headline) },
    installation,
  );
  return {
    ...envelope,
    headers: { ...headers, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    ...listHeaders({ slug, name }, stop_url, installation),
    ...renderEmail(summaryEmail, safeTexts({ locale, time_zone, organization: { name, accent } }), summary),
  };
}

/** What it says. `urls`: of the groups that are shown; `home`: the organization's. */
function summaryOf(
  reader: SummaryReader,
  groups: readonly Group[],
  urls: readonly string[],
  full: boolean,
  home: string,
): Summary {
  const [t, format] = [translatorFor(reader.locale), formatFor(reader)];
  const titles = groups.slice(0, 3).map(([event]) => titleOf(event, t));
  return safeTexts<Summary>({
    headline: t('Your summary for {{day}}', { day: format.weekday(format.today(new Date())) }),
    subtitle: titles.join(' · '),
    things: urls.flatMap((url, i) => (groups[i] ? [thing(groups[i], url, reader, t, format)] : [])),
    more: groups.length > urls.length || full ? t('There is more in the portal.') : null,
    button: { label: t('View all notifications'), url: `${home}/notifications` },
    settings: { label: t('Email settings'), url: `${home}/settings/notifications` },
  });
}

function thing(group: Group, url: string, reader: SummaryReader, t: Translate, format: Format): SummaryThing {
  const [newest] = group;
  const asked = awaits(newest, reader);
  const { label, stateLabels } = lifecycleOf(newest.type);
  const { move, button } = stateLabels[newest.state] ?? {};
  return {
    title: titleOf(newest, t),
    label: labelOf(newest, t),
    asks: asked && move ? t(move) : null,
    lines: group.slice(0, MOST_LINES).map((event) => ({ text: textOf(event, reader, t, format), said: event.body })),
    more: group.length > MOST_LINES ? t('and {{count}} more', { count: group.length - MOST_LINES }) : null,
    open: { label: t((asked && reader.partner_id && button) || `View ${label.toLowerCase()}`), url },
  };
}

const labelOf = ({ type, number }: SummaryEvent, t: Translate) => capital(subjectLabel(t, type, number));
const titleOf = (event: SummaryEvent, t: Translate) => event.title || labelOf(event, t);

function textOf(event: SummaryEvent, reader: SummaryReader, t: Translate, format: Format): string {
  // What was sent to the partner was not sent to "you", to whom it was forwarded.
  const to = reader.partner_id && !reader.guest ? null : event.partner;
  return sentence({ ...event, to, reader: reader.person_id }, t, format);
}
