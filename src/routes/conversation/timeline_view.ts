import { sentence } from '../../activity/sentence.js';
import { paymentFacts } from '../../activity/payment_facts.js';
import type { Conversation } from '../../conversation/conversation.js';
import type { Actor } from '../../db/scope.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { TimelineItem } from '../../pages/views/components.js';
import { isModuleMissing } from '../../subjects/may.js';

/** Shown elsewhere on the page: comments in the conversation, the count of bills beside the sheet. */
const NOT_IN_TIMELINE = new Set(['comment', 'notify', 'count']);

interface Shown extends Pick<Conversation, 'activities'> {
  type: string;
  number: string | null;
  currency: string;
}

/** What happened to a subject, as this reader may know it. `partner`: the name of the other side, for staff. */
export function timelineView(page: Shown, partner: string, actor: Actor, { t, format }: I18n): TimelineItem[] {
  const { type, number, currency } = page;
  const joined = page.activities.findIndex(
    ({ action, details }) => action === 'forward' && details['person_id'] === actor.person_id,
  );
  const items: TimelineItem[] = [];
  for (const [index, { action, details, actor: author, created_at }] of page.activities.entries()) {
    if (NOT_IN_TIMELINE.has(action)) continue;
    // Guests don't learn of each other.
    if (actor.guest && action === 'forward' && index !== joined) continue;
    // What was sent before the document was forwarded to this reader was not sent to "you".
    const to = actor.side === 'staff' || index < joined ? partner : null;
    const { reason } = details;
    const said = typeof reason !== 'string' ? null : action === 'failed' ? t(reason) : reason;
    const paid = paymentFacts(seenBy(actor, type, details), currency, { t, format }).map(({ alone }) => alone);
    const detail = [...paid, said].filter(Boolean).join(' · ') || null;
    const event = { action, details, actor: author, type, number, currency, to, here: true, reader: actor.person_id };
    items.push({ sentence: sentence(event, t, format), at: new Date(created_at), detail });
  }
  return items;
}

/** Who sees this document alone learns of no other that was paid with it. */
const seenBy = (actor: Actor, kind: string, { together, ...details }: Record<string, unknown>) =>
  actor.guest || actor.subject_ids || isModuleMissing(actor, kind) ? details : { ...details, together };
