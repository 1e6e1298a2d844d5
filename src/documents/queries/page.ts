import type { Actor, Query } from '../../db/scope.js';
import { isId } from '../../db/ids.js';
import type { PlannedCharge } from '../../activity/charging_facts.js';
import type { Conversation } from '../../conversation/conversation.js';
import type { Document } from '../content/document.js';
import { withTotals, type Line } from '../content/content.js';
import type { PaymentAccount } from '../../people/getting_paid/payment_accounts.js';
import type { Party, Snapshot } from '../content/version.js';
import { PAGE_SELECT } from './page_sql.js';

/** All that a document's page shows, as far as its reader may see it. Times are ISO 8601, since they come as JSON. */
export interface DocumentPage extends Document, Conversation {
  snapshot: Snapshot | null;
  /** Of a draft; a sent document's lines are in its snapshot. */
  lines: Line[];
  /** `accounts`: where it would be paid today. */
  from_party: Party & { payment_note: string; accounts: PaymentAccount[] };
  /** Null for a request for proposal. */
  to_party: Party | null;
  project: { key: string; name: string } | null;
  /** Of which it invoices a period. */
  subscription: { number: string } | null;
  /** Its automatic payment; null: none was planned. */
  charge: (PlannedCharge & { state: string; cause: string | null }) | null;
  /** Its origin, and the documents made from it. */
  related: {
    id: string;
    type: string;
    number: string | null;
    title: string;
    state: string;
    due_on: string | null;
    total: number;
    currency: string;
    partner: string | null;
    is_origin: boolean;
  }[];
  versions: { version: number; sha256: string; created_at: string }[];
  /** What of it was paid by credit, in minor units. */
  applied: number;
  /** Who promised to pay by `promised_on`. */
  promised_by_name: string | null;
  /** Who doesn’t agree with it, since `disputed_on`. */
  disputed_by_name: string | null;
  payments: PaymentRow[];
  /** For staff: what was said of the partner's bank details in the last 30 days, the newest first. */
  bank_notices: {
    id: string;
    action: string;
    details: Record<string, unknown>;
    actor: string | null;
    created_at: string;
  }[];
}

/** A payment of the document, in minor units. */
export interface PaymentRow {
  id: string;
  amount: number;
  method: string;
  reference: string;
  /** 'recorded' by staff. */
  gateway: string;
  /** Null until it is. */
  paid_on: string | null;
  state: string;
  /** Why it failed, or was reversed. */
  failure: string;
  created_at: string;
}

/** The page's one query, by number or, for a draft, id. Row security leaves out what the actor may not see. */
export function documentPage(actor: Actor, key: string): Query<DocumentPage> {
  const byId = isId(key);
  return {
    name: byId ? 'document_by_id' : 'document_by_number',
    text: PAGE_SELECT + (byId ? 'd.id = $2' : 'd.number = $2'),
    values: [actor.organization_id, key],
  };
}

/** What the document's sheet shows: the version that was sent, or the draft, with its totals. */
export const contentOf = (page: DocumentPage): Omit<Snapshot, 'number'> & { number: string | null } =>
  page.snapshot ?? {
    type: page.type,
    number: null,
    version: 0,
    ...withTotals(page),
    from: page.from_party,
    to: page.to_party,
    payment_note: page.from_party.payment_note,
    accounts: page.from_party.accounts,
  };
