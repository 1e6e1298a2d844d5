import { z } from 'zod';
import { repeatText, whenText } from '../../calendar/event_words.js';
import { timeOn } from '../../calendar/series.js';
import type { Format } from '../../pages/format.js';
import type { Translate } from '../../pages/i18n.js';
import type { EmailButton } from '../../pages/views/layouts.js';
import type { Detail } from '../messages/details.js';
import type { EventEmail } from '../messages/event_email.js';
import { methodOf, onlyTime } from './invitation.js';

const Span = z.object({ starts_at: z.string(), ends_at: z.string() });
const Before = Span.extend({ time_zone: z.string(), whole_day: z.boolean() });
const Kept = z.object({
  before: Before.optional(),
  now: Span.optional(),
  proposed: Span.optional(),
  on: z.string().optional(),
});

/** When and where, below an email's headline; of what was moved also the time before, of a proposal the other time. */
export function meetingDetails(event: EventEmail, t: Translate, format: Format): Detail[] {
  const { meeting, reader, activity } = event;
  if (!meeting) return [];
  const { before, now, proposed, on } = Kept.catch({}).parse(activity.details);
  const said = (times: Parameters<typeof whenText>[0]) => whenText(times, reader, format);
  const repeats = repeatText(meeting, { t, format });
  const current = now ?? (on && meeting.repeats ? timeOn(meeting, meeting.changed, on) : meeting);
  return [
    { label: t('When'), ...(before ? { before: said(before) } : {}), after: said({ ...meeting, ...current }) },
    ...(proposed ? [{ label: t('Proposed'), after: said({ ...meeting, ...proposed }) }] : []),
    ...(repeats ? [{ label: t('Repeats'), after: repeats }] : []),
    ...(repeats && on ? [{ text: t('This is about one time only. The others stay as they are.') }] : []),
    ...(meeting.place && meeting.invited ? [{ label: t('Where'), after: meeting.place }] : []),
  ];
}

interface Buttons {
  button: EmailButton;
  asides: EmailButton[];
}

/**
 * The answers to an invitation, as links to its page, where each takes a second click; null if there is none. Who is no
 * longer invited is led to what else there is.
 */
export function answerButtons(event: EventEmail, url: string, t: Translate): Buttons | null {
  if (event.meeting && event.activity.action === 'uninvite')
    return { button: { label: t('Everything from {{name}}', { name: event.organization.name }), url }, asides: [] };
  if (methodOf(event) !== 'REQUEST') return null;
  const on = onlyTime(event);
  const query = on ? `&on=${on}` : '';
  const to = (action: string, label: string) => ({ label: t(label), url: `${url}?to=${action}${query}` });
  return {
    button: to('accept', 'I’ll come'),
    asides: [
      ...[to('tentative', 'Maybe'), to('decline', 'I can’t come')],
      ...(event.reader.partner_id ? [to('propose', 'Propose another time')] : []),
    ],
  };
}
