import type { Tone } from '../../document_types/index.js';
import { today } from '../../pages/days.js';
import { keyOf } from '../../documents/content/document.js';
import { seenOf } from '../../documents/content/seen.js';
import { contentOf } from '../../documents/queries/page.js';
import { paymentNow } from '../../documents/queries/payment_instructions.js';
import { describeState, readerSide, sheet } from '../../documents/queries/sheet.js';
import type { ActionButton, Change, Composer, FileRow, Sheet, TimelineItem } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { converted, type PreferredRate } from '../../people/preferences/exchange_rates.js';
import { approximately, rateText } from '../../people/preferences/preferred_amount.js';
import { isOffered } from '../../subjects/may.js';
import { composerView, type ConversationParts, conversationView } from '../conversation/conversation_view.js';
import { one } from '../forms/field_values.js';
import type { FormState } from '../shared/form.js';
import { timelineView } from '../conversation/timeline_view.js';
import { bankWarnings } from './bank_warning.js';
import { actionButtons, type DocumentContext } from './action_views.js';
import {
  type FailedPayment,
  failedPaymentView,
  type PaymentItem,
  paymentView,
  type Promised,
  disputeView,
  promiseView,
  settlementView,
} from './history_view.js';
import { type HowToPay, howToPay } from '../getting_paid/how_to_pay.js';
import { chargeView } from './charge_view.js';
import { type OrderFacts, orderView } from './order_view.js';
import { depositInvoices, filesView, type RelatedDocument, relatedView } from './related_view.js';
import { changesView, revisionView, type VersionLink, versionsView } from './versions_view.js';

/** A document's page, for partners and staff. */
export interface DocumentShow extends OrderFacts, Attached {
  document: ShownDocument;
  actions: ActionButton[];
  /** Null for a draft. */
  composer: Composer | null;
  /** After a 409: what has changed since the page was opened. */
  changes: Change[] | null;
  /** What the version that is shown changed of the one before. */
  revision: Change[] | null;
  /** The total in the currency that the reader prefers, and by which rate. */
  preferred: { amount: string; at: string; rate: string; currency: string } | null;
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
  /** What its forms are decided on. */
  seen: string;
}

/** What hangs on the document. */
interface Attached extends ConversationParts {
  timeline: TimelineItem[];
  payments: PaymentItem[];
  /** The payment that failed last. */
  setback: FailedPayment | null;
  promise: Promised | null;
  /** When it is charged automatically, or why it is not. */
  charge: string | null;
  /** That somebody doesn’t agree with it. */
  dispute: string | null;
  /** For staff who pay: what to know of the bank details first. */
  bank_warnings: string[];
  /** Where neither a button nor an account says how to pay: whom to ask; for staff, what is missing. */
  how_to_pay: HowToPay | null;
  project: { name: string; url: string } | null;
  /** Of which it invoices a period. */
  subscription: { name: string; url: string } | null;
  files: FileRow[];
  versions: VersionLink[];
  related: RelatedDocument[];
  /** For staff. */
  partner: { name: string; url: string } | null;
}

export const documentShow = defineView<DocumentShow>('documents/show');

/** A document's page, from its one query. */
export function documentView(context: DocumentContext & { rates: readonly PreferredRate[] }): DocumentShow {
  const { page, slug, i18n, form } = context;
  const url = `/${slug}/documents/${keyOf(page)}`;
  const actions = actionButtons(context);
  return {
    document: shownDocument(context, url),
    ...attachedView(context, url),
    ...orderView(page, context.actor.side, slug, i18n),
    actions,
    composer: page.version > 0 ? { ...composerView(page, context, url), ...leftOver(form, actions) } : null,
    changes: form?.changes ? changesView(form.changes, page.currency, i18n) : null,
    revision: revisionView(page, i18n),
    preferred: preferredTotal(context),
    live_url: `${url}/live?after=${page.activities.at(-1)?.id ?? ''}`,
    seen_url: page.version > 0 ? `${url}/view` : null,
  };
}

function preferredTotal({ page, rates, i18n }: DocumentContext & { rates: readonly PreferredRate[] }) {
  const { total, currency, unpriced } = sheet(contentOf(page), i18n);
  const amount = unpriced ? null : converted(total, currency, rates);
  return (
    amount && {
      amount: approximately(amount, i18n),
      at: rateText(amount, i18n),
      rate: amount.rate,
      currency: amount.currency,
    }
  );
}

/** What was written for an act that is too late is kept, as a message that is not sent yet. */
function leftOver(form: FormState | null, actions: ActionButton[]): Partial<Composer> {
  if (!form || form.action === 'comment' || actions.some(({ name }) => name === form.action)) return {};
  const value = one(form.input, 'message') || one(form.input, 'reason');
  return value ? { value } : {};
}

const shownDocument = ({ page, actor, slug, i18n }: DocumentContext, url: string): ShownDocument => ({
  ...sheet(contentOf(page), i18n),
  ...(page.snapshot ? { payment: paymentNow(page, i18n.t) } : {}),
  ...describeState(page, readerSide(actor), today(actor), i18n),
  ...settlementView(page, i18n),
  deposit_invoices: depositInvoices(page, slug, i18n),
  open: page.open,
  paying: page.paying,
  sha256: page.sha256,
  seen: seenOf(page),
  url,
  pdf_url: page.version > 0 ? `${url}/pdf` : null,
});

function attachedView(context: DocumentContext, url: string): Attached {
  const { page, actor, slug, i18n } = context;
  const staff = isOffered(actor, 'desk');
  return {
    ...conversationView(page, context),
    timeline: timelineView(page, page.to_party?.name ?? i18n.t('vendors'), actor, i18n),
    payments: page.payments.map((payment) => paymentView(payment, page.type, slug, i18n)),
    setback: failedPaymentView(page, actor, i18n),
    promise: promiseView(page, actor, i18n),
    charge: chargeView(page, actor, i18n),
    dispute: disputeView(page, actor, i18n),
    bank_warnings: bankWarnings(page, actor, i18n),
    how_to_pay: howToPay(context),
    // Guests were given this document, not its subscription or project.
    subscription:
      actor.guest || !page.subscription
        ? null
        : { name: page.subscription.number, url: `/${slug}/subscriptions/${page.subscription.number}` },
    project:
      actor.guest || !page.project ? null : { name: page.project.name, url: `/${slug}/projects/${page.project.key}` },
    files: filesView(page, slug),
    versions: versionsView(page, url, i18n),
    related: relatedView(page, slug, i18n),
    partner: staff && page.to_party ? { name: page.to_party.name, url: `/${slug}/partners/${page.partner_id}` } : null,
  };
}
