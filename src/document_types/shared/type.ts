import type { Lifecycle } from './lifecycle.js';

/** How an action changes the content before it is frozen: see documents/effects/content_changes.ts. */
export type ContentChange =
  'choices' | 'prices' | 'delivery' | 'deadline' | 'propose' | 'apply proposed' | 'drop proposed';

/** What else an action changes in its transaction: see documents/effects/effects.ts. */
export type Effect =
  | 'comment'
  | 'charge'
  | 'start payment'
  | 'stop charge'
  | 'payment outcome'
  | 'settle'
  | 'clear'
  | 'forward'
  | 'accepted'
  | 'invite'
  | 'count'
  | 'match'
  | 'owe'
  | 'approve first'
  | 'remit'
  | 'credit'
  | 'apply credit'
  | 'refund'
  | 'reverse'
  | 'move payment'
  | 'take payment'
  | 'ask refund'
  | 'refunded'
  | 'refund failed'
  | 'chargeback'
  | 'award'
  | 'order'
  | 'propagate'
  | 'recount'
  | 'detach'
  | 'schedule'
  | 'promise'
  | 'remind'
  | 'dispute'
  | 'resolve dispute';

/**
 * Optional fields of a draft, and features of a document. `their_number`: the vendor's own number, unique per vendor;
 * `prepayment`: what is paid of it becomes credit, and deposits are invoiced by it.
 */
export type Feature =
  | 'partial_payments'
  | 'signature'
  | 'reference'
  | 'deposit'
  | 'choices'
  | 'delivery'
  | 'unpriced'
  | 'their_number'
  | 'prepayment';

/** The groups that a project's page shows its documents in. */
export type Group = 'quotes' | 'orders' | 'invoices' | 'purchasing';

/** A tab of a list: the documents in these states; `late`: of those, the ones past their due date. */
export interface Tab {
  name: string;
  label: string;
  states: readonly string[];
  late?: boolean;
  /** The only side that has this tab. */
  side?: 'staff' | 'partner';
}

/** A link from a document to another page. `to` is a path below the organization's; {{key}} is the document. */
export interface NextStep {
  label: string;
  by: 'staff' | 'partner';
  from: readonly string[];
  /** A page: `{{key}}` is the document's, `{{origin}}` that of the document it was made from. */
  to: string;
  style?: 'primary';
}

/** A kind of document. Its first state is `draft`, in which one starts; its pages are all under /documents. */
export interface DocumentType<State extends string = string> extends Lifecycle<State, Effect> {
  prefix: string;
  /** The kind of partner on its other side. */
  partner: 'customer' | 'vendor';
  startedBy: 'staff' | 'partner';
  group: Group;
  /** How many partners one goes to. Left out: one. With several, each gets a document of the type that answers it. */
  addressedTo?: 'one' | 'several';
  /** The type that it answers. Such a document is created only by sending what it answers. */
  answers?: string;
  /** Of an order: the type that bills it. */
  billedBy?: string;
  /** The states, besides draft, in which it takes nothing from what it was made from. */
  uncounted?: readonly NoInfer<State>[];
  /** Of an order: the states in which its partner has agreed to it and it may be billed. */
  billable?: readonly NoInfer<State>[];
  /** By the types that are made of it: whether it limits them, once sent, line by line or by its total. */
  limits?: Readonly<Record<string, 'quantities' | 'total'>>;
  /** Of a bid: the type of the order that is created when it is awarded. */
  orderedBy?: string;
  /** Whether it is owed by the partner, owed to the partner, or credit of theirs. Left out: none of them. */
  owes?: 'receivable' | 'payable' | 'credit';
  /** The label of its due date: 'Due', 'Valid until'. */
  due: string;
  features: readonly Feature[];
  tabs: readonly Tab[];
  nextSteps?: readonly NextStep[];
}
