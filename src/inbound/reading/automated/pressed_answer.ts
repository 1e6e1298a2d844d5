import { ANSWER } from '../../reply/endings/ending_phrases.js';
import type { Translate } from '../../../pages/i18n.js';
import { FORWARD_SUBJECT, REPLY_SUBJECT } from '../../reply/phrases.js';
import type { CalendarAnswer, CalendarEvent } from '../formats/calendar.js';

/** By PARTSTAT (RFC 5545 section 3.2.12). */
const ANSWERS: Readonly<Record<string, string>> = {
  ACCEPTED: '{{name}} accepted: {{event}}',
  DECLINED: '{{name}} declined: {{event}}',
  TENTATIVE: '{{name}} tentatively accepted: {{event}}',
  DELEGATED: '{{name}} delegated: {{event}}',
};
// Before the name of an organization, with which our subjects begin.
const VOTE = /^\s*(\p{L}[^:：[\]]{0,60}?)\s*[:：]\s*\[/u;

/**
 * What a message says whose sender only pressed a button: an answer to an invitation (RFC 5546 section 3.2.3), a vote
 * in Outlook, which stands before the subject. '' if it says nothing.
 */
export function pressedAnswer(subject: string, event: CalendarEvent | null, sender: string): string {
  if (saysByCalendar(event)) return calendarAnswers(event, sender, inEnglish);
  const vote = REPLY_SUBJECT.test(subject) || FORWARD_SUBJECT.test(subject) ? '' : (VOTE.exec(subject)?.[1] ?? '');
  return ANSWER.test(vote) || vote.length >= 5 ? vote : '';
}

const inEnglish: Translate = (sentence, values = {}) =>
  sentence.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));

/** Whether a calendar answers an invitation, or asks for another time. */
export const saysByCalendar = (event: CalendarEvent | null): event is CalendarEvent =>
  event?.method === 'REPLY' || event?.method === 'COUNTER';

/** What was answered to an invitation, a line for each who answered; or the other time that is asked for. */
export const calendarAnswers = (event: CalendarEvent, sender: string, t: Translate): string =>
  event.counter
    ? t('{{name}} asks for another time: {{event}}', { name: sender || t('The sender'), event: eventText(event) })
    : answersText(event, sender, t);

const answersText = (event: CalendarEvent, sender: string, t: Translate): string =>
  (event.answers ?? []).map((answer) => answerText(answer, event, sender, t)).join('\n');

function answerText({ name, status }: CalendarAnswer, event: CalendarEvent, sender: string, t: Translate): string {
  const values = { name: name || sender || t('The sender'), event: eventText(event) };
  return t(ANSWERS[status] ?? '{{name}} answered: {{event}}', values);
}

/** "Look at the site, 2027-03-04 09:00:00 UTC, Pier 4" */
export const eventText = ({ summary, start, place }: CalendarEvent): string =>
  [summary, start?.at.replace('T', ' ').replace(/Z$/, ' UTC'), place].filter(Boolean).join(', ');
