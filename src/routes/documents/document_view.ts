import { fileView } from '../shared/file_view.js';
import type { FormState } from './form_return.js';
import type { Actor } from '../../db/scope.js';
import { contentOf, type DocumentPage, type PageComment } from '../../documents/queries/page.js';
import { heldMailView, undeliveredView } from './undelivered_view.js';
import { sheet, describeState, type I18n } from '../../documents/queries/sheet.js';
import { today } from '../../documents/act.js';
import { keyOf } from '../../documents/content/document.js';
import { actionViews } from './action_views.js';
import { changesView } from './changes_view.js';
import { orderView } from './order_view.js';
import { filesView, relatedView, versionsView } from './related_view.js';
import { deliveryView, paymentView, setbackView, settlementsView, timelineView } from './history_view.js';

/**
 * Everything that views/documents/show.ejs needs, from the page's one query. `opened`: the action whose form stands
 * open.
 */
export function documentView(
  page: DocumentPage,
  actor: Actor,
  slug: string,
  i18n: I18n,
  returned: FormState | null = null,
  opened: string | null = null,
) {
  const url = `/${slug}/documents/${keyOf(page)}`;
  return {
    document: {
      ...shownOf(page, actor, i18n),
      sha256: page.sha256,
      url,
      pdf_url: page.version > 0 ? `${url}/pdf` : null,
    },
    ...hangingOn(page, actor, slug, url, i18n),
    ...orderView(page, slug, i18n),
    actions: actionViews(page, actor, slug, i18n, returned, opened),
    composer: page.version > 0 ? composerView(page, actor, url, i18n, returned) : null,
    changes: returned?.changes ? changesView(returned.changes, page.currency, i18n) : null,
    live_url: `${url}/live?after=${page.activities.at(-1)?.id ?? ''}`,
    seen_url: page.version > 0 ? `${url}/view` : null,
  };
}

/** The sheet, and how the document stands. */
const shownOf = (page: DocumentPage, actor: Actor, i18n: I18n) => ({
  ...sheet(contentOf(page), i18n),
  id: page.id,
  ...describeState(page, actor.side === 'staff' ? 'staff' : 'partner', today(actor), i18n),
  ...settlementsView(page, i18n),
  open: page.open,
  paying: page.paying,
});

/**
 * All that was said, sent, paid, attached and made of it. What was said stands in the conversation, not in the
 * timeline.
 */
function hangingOn(page: DocumentPage, actor: Actor, slug: string, url: string, i18n: I18n) {
  const staff = actor.side === 'staff';
  return {
    comments: page.comments.map((comment) => commentView(comment, actor, slug)),
    timeline: timelineView(page, actor, i18n),
    partner: staff && page.to_party ? { name: page.to_party.name, url: `/${slug}/partners/${page.partner_id}` } : null,
    payments: page.payments.map((payment) => paymentView(payment, i18n)),
    setback: setbackView(page, actor, i18n),
    returned: staff ? undeliveredView(page, slug, i18n) : [],
    held: staff ? heldMailView(page, slug, i18n) : [],
    deliveries: staff ? page.deliveries.map((delivery) => deliveryView(delivery, i18n)) : [],
    project: page.project && { ...page.project, url: `/${slug}/projects/${page.project.key}` },
    files: filesView(page, slug),
    versions: versionsView(page, url, i18n),
    related: relatedView(page, slug, i18n),
  };
}

function commentView({ created_at, body, audience, files, ...comment }: PageComment, actor: Actor, slug: string) {
  return {
    id: comment.id,
    author: comment.author,
    side: comment.partner_id ? 'partner' : 'staff',
    mine: comment.person_id === actor.person_id,
    audience: audience === 'shared' ? 'shared' : 'internal',
    via: comment.via,
    verified: comment.verified,
    evidence: comment.evidence,
    placed_by: comment.placed_by,
    notices: comment.notices.split('\n').filter(Boolean),
    at: new Date(created_at),
    text: body,
    trimmed: comment.trimmed,
    files: files.map((file) => fileView(slug, file)),
  };
}

function composerView(page: DocumentPage, actor: Actor, url: string, { t, format }: I18n, returned: FormState | null) {
  // What goes to many is talked about among staff alone.
  const others = page.participants.filter(
    ({ id, partner_id }) => id !== actor.person_id && (!partner_id || partner_id === page.partner_id),
  );
  const own = others.filter(({ partner_id }) => (partner_id === null) === (actor.side === 'staff'));
  const names = (people: typeof others) => format.list(people.map(({ name }) => name));
  const back = returned?.action === 'comment' ? returned : null;
  return {
    url: `${url}/comment`,
    readers: others.length
      ? t('{{names}} will get this by email.', { names: names(others) })
      : t('It stays here; nobody else follows this document yet.'),
    internal: actor.assurance === 'verified',
    internal_readers: own.length
      ? t('Only your side sees this. {{names}} will get it by email.', { names: names(own) })
      : t('Only your side sees this.'),
    value: typeof back?.input['text'] === 'string' ? back.input['text'] : '',
    audience: back?.input['audience'] === 'internal' ? 'internal' : 'shared',
    error: back ? (back.errors['text'] ?? Object.values(back.errors)[0] ?? null) : null,
    seen: '',
  };
}
