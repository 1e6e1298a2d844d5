import type { Actor } from '../db/scope.js';
import { fromMinor } from '../documents/decimals.js';
import type { Change } from '../documents/changes.js';
import { actionsFor } from '../documents/lifecycle.js';
import { contentOf, type DocumentPage, type PageComment, type PageFile } from '../documents/page.js';
import { sheet, standing, type Tongue } from '../documents/sheet.js';
import { today } from '../documents/act.js';
import { keyOf } from '../documents/documents.js';
import { type Action, assuranceFor, type Question } from '../document_types/index.js';
import { orderView } from './order_view.js';
import { deliveryView, paymentView, setbackView, settledView, timelineView } from './document_records.js';

/** What a form brought back: which action it was, what was typed, what was wrong, and, after a 409, what had changed. */
export interface Returned {
  action: string;
  input: Record<string, unknown>;
  errors: Record<string, string>;
  changes: Change[] | null;
}

/** Everything that views/documents/show.ejs needs, from the page's one query. */
export function documentView(page: DocumentPage, actor: Actor, slug: string, tongue: Tongue, returned: Returned | null = null) {
  const { t, format } = tongue;
  const side = actor.side === 'staff' ? 'staff' : 'partner';
  const url = `/${slug}/documents/${keyOf(page)}`;
  const day = today(actor);
  const shown = {
    ...sheet(contentOf(page), tongue),
    id: page.id,
    ...standing(page, side, day, tongue),
    ...settledView(page, tongue),
    open: page.open,
    paying: page.paying,
  };
  return {
    document: { ...shown, sha256: page.sha256, url, pdf_url: page.version > 0 ? `${url}/pdf` : null },
    comments: page.comments.map((comment) => commentView(comment, actor, slug)),
    // What was said stands in the conversation.
    timeline: timelineView(page, actor, tongue),
    partner: side === 'staff' && page.to_party ? { name: page.to_party.name, url: `/${slug}/partners/${page.partner_id}` } : null,
    payments: page.payments.map((payment) => paymentView(payment, tongue)),
    setback: setbackView(page, actor, tongue),
    deliveries: side === 'staff' ? page.deliveries.map((delivery) => deliveryView(delivery, tongue)) : [],
    ...orderView(page, slug, tongue),
    actions: actionViews(page, actor, url, tongue, returned),
    composer: page.version > 0 ? composerView(page, actor, url, tongue, returned) : null,
    changes: returned?.changes?.map(({ what, before, after }) => ({ what: t(what), before: told(before), after: told(after) })) ?? null,
    live_url: `${url}/live?after=${page.activities.at(-1)?.id ?? ''}`,
    seen_url: page.version > 0 ? `${url}/view` : null,
  };

  function told(value: string | number) {
    return typeof value === 'number' ? format.money(value, page.currency) : /^\d{4}-\d\d-\d\d$/.test(value) ? format.date(value) : value;
  }
}

export const fileView = (slug: string, { id, name, size, content_type }: PageFile) => ({
  name,
  size,
  content_type,
  url: `/${slug}/files/${id}/${encodeURIComponent(name)}`,
});

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
    at: new Date(created_at),
    text: body,
    trimmed: comment.trimmed,
    files: files.map((file) => fileView(slug, file)),
  };
}

function actionViews(page: DocumentPage, actor: Actor, url: string, tongue: Tongue, returned: Returned | null) {
  const { t } = tongue;
  return Object.entries(actionsFor(page, actor, today(actor)))
    .filter(([, action]) => action.label)
    .map(([name, action]) => ({
      name,
      action,
      needs_code: actor.assurance === 'link' && assuranceFor(action, actor.side, page) === 'verified',
    }))
    .map(({ name, action, needs_code }) => ({
      name,
      needs_code,
      label: t(action.label ?? name),
      explains: action.explains ? t(action.explains) : null,
      style: action.style ?? 'plain',
      href: needs_code ? `/verify?return_to=${url}` : action.opens ? `${url}/${action.opens}` : name === 'send' ? `${url}/preview` : null,
      url: `${url}/${name}`,
      fields: fieldsOf(action, page, tongue, returned?.action === name ? returned : null),
      open: returned?.action === name && returned.changes === null,
    }));
}

const KINDS: Record<string, string> = { text: 'text', 'long text': 'longtext', email: 'email', money: 'money', date: 'date' };
const LABELS: Record<string, string> = {
  paid_on: 'Paid on',
  amount: 'Amount',
  method: 'How it was paid',
  reference: 'Reference',
  reason: 'Reason',
  message: 'Message',
  name: 'Name',
  signature: 'Your full name, as your signature',
  email: 'Email',
};

/** The form of an action, drawn from what it asks. */
export function fieldsOf(
  action: Action,
  page: Pick<DocumentPage, 'open' | 'currency'>,
  { t, format }: Tongue,
  returned: Pick<Returned, 'input' | 'errors'> | null,
) {
  const initial: Record<string, string> = { amount: fromMinor(page.open, page.currency), paid_on: format.today() };
  const signed: Record<string, Question> = action.signs ? { signature: 'text' } : {};
  return Object.entries({ ...action.asks, ...signed })
    .filter(([, question]) => question !== 'document')
    .map(([name, question]: [string, Question]) => ({
      name,
      kind: KINDS[question.replace('?', '')] ?? 'text',
      label: t(LABELS[name] ?? name),
      required: !question.endsWith('?'),
      value: typeof returned?.input[name] === 'string' ? returned.input[name] : (initial[name] ?? ''),
      error: returned?.errors[name] ?? null,
      currency: page.currency,
    }));
}

function composerView(page: DocumentPage, actor: Actor, url: string, { t, format }: Tongue, returned: Returned | null) {
  const others = page.participants.filter(({ id }) => id !== actor.person_id);
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
