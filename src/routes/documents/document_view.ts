import type { Tone } from '../../document_types/index.js';
import { today } from '../../documents/act.js';
import { keyOf } from '../../documents/content/document.js';
import { contentOf, type DocumentPage, type PageComment } from '../../documents/queries/page.js';
import { describeState, sheet } from '../../documents/queries/sheet.js';
import type {
  ActionButton,
  Change,
  Comment,
  Composer,
  FileRow,
  Sheet,
  TimelineItem,
} from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { isOffered, may } from '../../subjects/may.js';
import { fileRow } from '../shared/rows.js';
import { actionButtons, type DocumentContext } from './action_views.js';
import {
  type DeliveryItem,
  deliveryView,
  type FailedPayment,
  failedPaymentView,
  type PaymentItem,
  paymentView,
  settlementView,
  timelineView,
} from './history_view.js';
import { type OrderFacts, orderView } from './order_view.js';
import { filesView, type RelatedDocument, relatedView } from './related_view.js';
import { type HeldMessage, heldMailView, type Undelivered, undeliveredView } from './undelivered_view.js';
import { changesView, type VersionLink, versionsView } from './versions_view.js';

/** A document's page, for partners and staff. */
export interface DocumentShow extends OrderFacts, Attached {
  document: ShownDocument;
  actions: ActionButton[];
  /** Null for a draft. */
  composer: Composer | null;
  /** After a 409: what has changed since the page was opened. */
  changes: Change[] | null;
  live_url: string;
  /** Posted to once a person has really looked. */
  seen_url: string | null;
}

type ShownDocument = Sheet & DocumentFacts;

/** What its page says of a document beyond its sheet. */
interface DocumentFacts {
  url: string;
  pdf_url: string | null;
  state_label: string;
  tone: Tone;
  /** Whose move it is and which. */
  move: string | null;
  paid: number;
  /** A payment is processing. */
  paying: boolean;
  sha256: string;
}

/** What hangs on the document. The parts for staff are empty for others. */
interface Attached {
  comments: Comment[];
  timeline: TimelineItem[];
  payments: PaymentItem[];
  /** The payment that failed last. */
  setback: FailedPayment | null;
  project: { name: string; url: string } | null;
  files: FileRow[];
  versions: VersionLink[];
  related: RelatedDocument[];
  /** For staff: the partner, the people an email did not reach, held messages, and what became of each email. */
  partner: { name: string; url: string } | null;
  returned: Undelivered[];
  held: HeldMessage[];
  deliveries: DeliveryItem[];
}

export const documentShow = defineView<DocumentShow>('documents/show');

/** A document's page, from its one query. */
export function documentView(context: DocumentContext): DocumentShow {
  const { page, slug, i18n, form } = context;
  const url = `/${slug}/documents/${keyOf(page)}`;
  return {
    document: shownDocument(context, url),
    ...attachedView(context, url),
    ...orderView(page, slug, i18n),
    actions: actionButtons(context),
    composer: page.version > 0 ? composerView(context, url) : null,
    changes: form?.changes ? changesView(form.changes, page.currency, i18n) : null,
    live_url: `${url}/live?after=${page.activities.at(-1)?.id ?? ''}`,
    seen_url: page.version > 0 ? `${url}/view` : null,
  };
}

const shownDocument = ({ page, actor, i18n }: DocumentContext, url: string): ShownDocument => ({
  ...sheet(contentOf(page), i18n),
  ...describeState(page, actor.side === 'staff' ? 'staff' : 'partner', today(actor), i18n),
  ...settlementView(page, i18n),
  open: page.open,
  paying: page.paying,
  sha256: page.sha256,
  url,
  pdf_url: page.version > 0 ? `${url}/pdf` : null,
});

function attachedView({ page, actor, slug, i18n }: DocumentContext, url: string): Attached {
  const staff = isOffered(actor, 'desk');
  return {
    comments: page.comments.map((comment) => commentView(comment, actor.person_id, slug)),
    timeline: timelineView(page, actor, i18n),
    payments: page.payments.map((payment) => paymentView(payment, i18n)),
    setback: failedPaymentView(page, actor, i18n),
    project: page.project && { name: page.project.name, url: `/${slug}/projects/${page.project.key}` },
    files: filesView(page, slug),
    versions: versionsView(page, url, i18n),
    related: relatedView(page, slug, i18n),
    partner: staff && page.to_party ? { name: page.to_party.name, url: `/${slug}/partners/${page.partner_id}` } : null,
    returned: staff ? undeliveredView(page, slug, i18n) : [],
    held: staff ? heldMailView(page, slug, i18n) : [],
    deliveries: staff ? page.deliveries.map((delivery) => deliveryView(delivery, i18n)) : [],
  };
}

const commentView = (comment: PageComment, reader: string | null, slug: string): Comment => ({
  id: comment.id,
  author: comment.author,
  side: comment.partner_id ? 'partner' : 'staff',
  mine: comment.person_id === reader,
  audience: comment.audience === 'shared' ? 'shared' : 'internal',
  via: comment.via,
  verified: comment.verified,
  evidence: comment.evidence,
  placed_by: comment.placed_by,
  notices: comment.notices.split('\n').filter(Boolean),
  at: new Date(comment.created_at),
  text: comment.body,
  trimmed: comment.trimmed,
  files: comment.files.map((file) => fileRow(slug, file)),
});

function composerView({ page, actor, i18n, ...context }: DocumentContext, url: string): Composer {
  const { t } = i18n;
  const form = context.form?.action === 'comment' ? context.form : null;
  const { readers, colleagues } = commentReaders(page, actor, i18n);
  return {
    url: `${url}/comment`,
    readers: readers
      ? t('{{names}} will get this by email.', { names: readers })
      : t('It stays here; nobody else follows this document yet.'),
    internal: may(actor, 'everything').answer === 'yes',
    internal_readers: colleagues
      ? t('Only your side sees this. {{names}} will get it by email.', { names: colleagues })
      : t('Only your side sees this.'),
    value: typeof form?.input['text'] === 'string' ? form.input['text'] : '',
    audience: form?.input['audience'] === 'internal' ? 'internal' : 'shared',
    error: form ? (form.errors['text'] ?? Object.values(form.errors)[0] ?? null) : null,
    seen: '',
  };
}

/** The names of who gets a message, and of who of them gets an internal note; '' for nobody. */
function commentReaders(
  page: DocumentPage,
  actor: DocumentContext['actor'],
  { format }: DocumentContext['i18n'],
): { readers: string; colleagues: string } {
  // On a document that goes to many, only staff talk with each other.
  const others = page.participants.filter(
    ({ id, partner_id }) => id !== actor.person_id && (!partner_id || partner_id === page.partner_id),
  );
  const colleagues = others.filter(({ partner_id }) => (partner_id === null) === (actor.side === 'staff'));
  const names = (people: typeof others) => format.list(people.map(({ name }) => name));
  return { readers: names(others), colleagues: names(colleagues) };
}
