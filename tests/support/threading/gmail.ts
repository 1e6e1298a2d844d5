import { type Conversations, idsIn, type Mail } from './mail.js';
import { plainSubject } from './subject.js';

/** After so many messages a conversation ends, and another begins. */
const MOST = 100;

interface Conversation {
  subject: string;
  ids: Set<string>;
  mails: Mail[];
}

/**
 * Gmail's conversations: a message joins one with the same subject, prefixes aside, whose messages it names, or that
 * name a message which it names too. It is put there when it comes, and never moved.
 */
export function gmail(mails: readonly Mail[]): Conversations {
  const conversations: Conversation[] = [];
  for (const mail of mails) {
    const [subject, ids] = [
      plainSubject(mail.subject),
      [mail.message_id, ...mail.references, ...idsIn(mail.in_reply_to)],
    ];
    const joins = (one: Conversation) =>
      one.subject === subject && one.mails.length < MOST && ids.some((id) => one.ids.has(id));
    const joined = conversations.findLast(joins) ?? { subject, ids: new Set(), mails: [] };
    if (joined.mails.length === 0) conversations.push(joined);
    joined.mails.push(mail);
    for (const id of ids) joined.ids.add(id);
  }
  return conversations.map((one) => one.mails.toSorted((a, b) => Number(a.date) - Number(b.date)));
}
