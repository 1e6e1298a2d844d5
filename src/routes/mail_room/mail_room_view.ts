import type { Tone } from '../../document_types/index.js';
import { type MailRoomMessage, PAGE_LENGTH, VIEWS, type View } from '../../inbound/mail_room/messages.js';
import { reasonText } from '../../mail/mail_room/reason_text.js';
import { warningsOf } from '../../mail/mail_room/warnings.js';
import type { Translate } from '../../pages/i18n.js';
import type { Filters, Tab } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';

interface MailRoomInput {
  tabs: Tab[];
  filters: Filters;
  searched: boolean;
  messages: MailRow[];
  next: string | null;
}

/** A message as a row of the mail room. */
export interface MailRow {
  id: string;
  href: string;
  from: string;
  /** '' where `from` is the address itself. */
  from_address: string;
  subject: string;
  at: Date;
  /** What was decided about it, in a sentence. */
  reason: string;
  /** What to know before doing what it says. */
  warnings: string[];
  /** How its text starts. */
  text: string;
  state_label: string;
  tone: Tone;
}

export const mailRoomPage = defineView<MailRoomInput>('mail_room/mail_room');

const LABELS: Record<View, string> = { waiting: 'Waiting', posted: 'Posted', aside: 'Not posted', all: 'All mail' };
const VIEW_NAMES = Object.keys(VIEWS).filter((name): name is View => name in VIEWS);

interface MailRoomParams {
  view: View;
  /** The search as typed. */
  q: string;
  url: string;
}

/** A page of messages. One more than fits says that there is a next page. */
export function mailRoomView(messages: MailRoomMessage[], params: MailRoomParams, t: Translate): MailRoomInput {
  const { view, q, url } = params;
  const rows = messages.slice(0, PAGE_LENGTH).map((mail) => mailRow(mail, url, t));
  const more = messages.length > PAGE_LENGTH;
  return {
    tabs: tabsOf(params, t),
    filters: {
      action: url,
      search: { name: 'q', value: q, label: t('Sender, subject or words') },
      choices: [],
      hidden: view === 'waiting' ? {} : { show: view },
      clear: q ? mailRoomUrl(url, view) : null,
    },
    searched: q !== '',
    messages: rows,
    next: more ? mailRoomUrl(url, view, { q, before: rows.at(-1)?.id ?? '' }) : null,
  };
}

const tabsOf = ({ view, q, url }: MailRoomParams, t: Translate): Tab[] =>
  VIEW_NAMES.map((name) => ({ href: mailRoomUrl(url, name, { q }), label: t(LABELS[name]), current: view === name }));

/** The mail room's address; 'waiting' is what it shows without being asked. */
function mailRoomUrl(url: string, view: View, params: Record<string, string> = {}): string {
  const all = Object.entries({ show: view === 'waiting' ? '' : view, ...params }).filter(([, value]) => value);
  return all.length ? `${url}?${new URLSearchParams(all)}` : url;
}

const STATES: Record<string, readonly [label: string, tone: Tone]> = {
  pending: ['Being read', 'quiet'],
  held: ['Waits for you', 'waiting'],
  posted: ['Posted', 'good'],
  ignored: ['Set aside', 'quiet'],
  refused: ['Refused', 'stopped'],
};

/** `url`: the mail room's. */
export function mailRow(mail: MailRoomMessage, url: string, t: Translate): MailRow {
  const [label, tone] = STATES[mail.state] ?? [mail.state, 'quiet'];
  return {
    id: mail.id,
    href: `${url}/${mail.id}`,
    from: mail.from_name || mail.from_address || t('Nobody we could read'),
    from_address: mail.from_name ? mail.from_address : '',
    subject: mail.subject || t('(no subject)'),
    at: new Date(mail.created_at),
    reason: reasonText(mail, t),
    warnings: warningsOf(mail, t),
    text: readableText(mail, excerpt(mail.preview), t),
    state_label: t(label),
    tone,
  };
}

/** The text, unless the message answers an internal note of the other side. */
export const readableText = ({ audience }: MailRoomMessage, text: string, t: Translate) =>
  audience === 'partner' ? t('Internal to the other side: only they may read it.') : text;

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 240 ? `${line.slice(0, 240)}…` : line;
}
