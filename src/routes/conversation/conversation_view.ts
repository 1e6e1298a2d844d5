import type { Conversation, PageComment } from '../../conversation/conversation.js';
import type { Actor } from '../../db/scope.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { Comment, Composer } from '../../pages/views/components.js';
import { photoUrl } from '../../people/photo.js';
import { isOffered, may } from '../../subjects/may.js';
import type { FormState } from '../shared/form.js';
import { fileRow } from '../shared/rows.js';
import { type DeliveryItem, deliveryView } from './delivery_view.js';
import { type HeldMessage, heldMailView, type Undelivered, undeliveredView } from './undelivered_view.js';

/** What a page shows of a conversation. The parts for staff are empty for others. */
export interface ConversationParts {
  comments: Comment[];
  /** For staff: the people an email did not reach, held messages, and what became of each email. */
  returned: Undelivered[];
  held: HeldMessage[];
  deliveries: DeliveryItem[];
}

interface Shown extends Conversation {
  partner_id: string | null;
}

/** A reader, and the form that is shown again, if one is. */
interface ConversationContext {
  actor: Actor;
  slug: string;
  i18n: I18n;
  form: FormState | null;
}

/** The conversation about a subject, for this reader. */
export function conversationView(page: Shown, { actor, slug, i18n }: ConversationContext): ConversationParts {
  const staff = isOffered(actor, 'desk');
  return {
    comments: page.comments.map((comment) => commentView(comment, actor.person_id, { slug, staff, i18n })),
    returned: staff ? undeliveredView(page, slug, i18n) : [],
    held: staff ? heldMailView(page, slug, i18n) : [],
    deliveries: staff ? page.deliveries.map((delivery) => deliveryView(delivery, i18n)) : [],
  };
}

interface Showing {
  slug: string;
  staff: boolean;
  i18n: I18n;
}

export const commentView = (
  comment: PageComment,
  reader: string | null,
  { slug, staff, i18n: { t } }: Showing,
): Comment => ({
  id: comment.id,
  author: comment.absent
    ? t('{{name}}, for {{absent}}', { name: comment.author, absent: comment.absent })
    : comment.author,
  photo: photoUrl(slug, { id: comment.person_id, photo_sha256: comment.photo_sha256 }),
  side: comment.partner_id ? 'partner' : 'staff',
  mine: comment.person_id === reader,
  audience: comment.audience === 'shared' ? 'shared' : 'internal',
  via: comment.via,
  verified: comment.verified,
  evidence: comment.evidence,
  placed_by: comment.placed_by,
  notices: comment.notices.split('\n').filter(Boolean),
  bank_warning: staff && comment.asks_bank_change,
  at: new Date(comment.created_at),
  text: comment.body,
  trimmed: comment.trimmed,
  files: comment.files.map((file) => fileRow(slug, file)),
});

/** The form of a comment, on the page of a subject at `url`. */
export function composerView(page: Shown, { actor, i18n, form: shown }: ConversationContext, url: string): Composer {
  const { t } = i18n;
  const form = shown?.action === 'comment' ? shown : null;
  const { readers, colleagues, answered } = commentReaders(page, actor, i18n);
  return {
    url: `${url}/comment`,
    readers: readers
      ? t('{{names}} will get this by email.', { names: readers })
      : t('It stays here; nobody else follows it yet.'),
    answered,
    internal: may(actor, 'everything').answer === 'yes' && !actor.guest,
    internal_readers: colleagues
      ? t('Only your side sees this. {{names}} will get it by email.', { names: colleagues })
      : t('Only your side sees this.'),
    value: typeof form?.input['text'] === 'string' ? form.input['text'] : '',
    audience: form?.input['audience'] === 'internal' ? 'internal' : 'shared',
    error: form ? (form.errors['text'] ?? Object.values(form.errors)[0] ?? null) : null,
    seen: '',
  };
}

/** The names of who gets a message, and of who of them gets a note; '' for nobody. `answered`: the other side. */
function commentReaders(page: Shown, actor: Actor, { format }: I18n) {
  // On what goes to many, only staff talk with each other.
  const others = page.participants.filter(
    ({ id, partner_id, guest }) =>
      id !== actor.person_id && (!partner_id || partner_id === page.partner_id) && !(actor.guest && guest),
  );
  const colleagues = others.filter(
    ({ partner_id, guest }) => (partner_id === null) === (actor.side === 'staff') && !guest,
  );
  const names = (people: typeof others) => format.list(people.map(({ name }) => name));
  const answered = others.some(({ partner_id }) => (partner_id === null) !== (actor.side === 'staff'));
  return { readers: names(others), colleagues: names(colleagues), answered };
}
