import { ANSWER } from '../../reply/endings/ending_phrases.js';
import { FORWARD_SUBJECT, REPLY_SUBJECT } from '../../reply/phrases.js';
import type { CalendarAnswer, CalendarEvent } from '../formats/calendar.js';

const STATUS: Readonly<Record<string, string>> = {
  ACCEPTED: 'accepted',
  DECLINED: 'declined',
  TENTATIVE: 'tentatively accepted',
  DELEGATED: 'delegated',
};
// Before the name of an organization, with which our subjects begin.
const VOTE = /^\s*(\p{L}[^:：[\]]{0,60}?)\s*[:：]\s*\[/u;

/**
 * What a message says whose sender only pressed a button: an answer to an invitation (RFC 5546 section 3.2.3), a vote
 * in Outlook, which stands before the subject. '' if it says nothing.
 */
export function pressedAnswer(subject: string, event: CalendarEvent | null, sender: string): string {
  if (event?.method === 'REPLY')
    return (event.answers ?? []).map((answer) => answerText(answer, event, sender)).join('\n');
  const vote = REPLY_SUBJECT.test(subject) || FORWARD_SUBJECT.test(subject) ? '' : (VOTE.exec(subject)?.[1] ?? '');
  return ANSWER.test(vote) || vote.length >= 5 ? vote : '';
}

function answerText({ name, status }: CalendarAnswer, event: CalendarEvent, sender: string): string {
  const time = event.start?.at.replace('T', ' ').replace(/Z$/, ' UTC');
  const what = [event.summary, time, event.place].filter(Boolean).join(', ');
  return `${name || sender || 'The sender'} ${STATUS[status] ?? 'answered'}: ${what}`;
}
