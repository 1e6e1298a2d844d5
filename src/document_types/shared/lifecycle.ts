import type { z } from 'zod';
import type { ContentChange, Effect } from './type.js';

export type Side = 'staff' | 'partner' | 'system';

/**
 * Participants of these sides, of the `other` than its author's, the one whom the activity names as `person_id`, or
 * those that it lists as `people`.
 */
export type Notified = 'staff' | 'partner' | 'both' | 'other' | 'named' | 'listed';

/** A part of the portal that a contact may use or not, and that an organization may leave out: see subjects/modules.ts. */
export type Module = 'projects' | 'quotes' | 'orders' | 'invoices' | 'requests' | 'purchase_orders' | 'bills' | 'files';

/** What a limit of a member of the staff is on: sending documents, or approving bills and awarding bids. */
export type LimitKind = 'send' | 'approve';

/** What a role may do: see subjects/permissions.ts. */
export type Permission =
  | 'message'
  | 'answering'
  | 'selling'
  | 'invoicing'
  | 'voiding'
  | 'buying'
  | 'billing'
  | 'approving'
  | 'paying'
  | 'planning'
  | 'sharing'
  | 'partners'
  | 'inviting'
  | 'profile'
  | 'bank_details'
  | 'taxes'
  | 'administration'
  | 'ownership';

/** Pages with the form of an action: see routes/acts/acts.ts. */
export type FormPage =
  'preview' | 'edit' | 'pay' | 'answer' | 'compare' | 'file' | 'sharing' | 'time' | 'budget' | 'details' | 'log';

/** What a condition (`when`) depends on. Days are ISO 8601, amounts in minor units. */
export interface Facts {
  started_by: 'staff' | 'partner';
  /** Its organization's time zone, in which its days begin and end. Left out where nothing depends on days. */
  organization_zone?: string;
  due_on: string | null;
  /** What is still owed: by the partner, or on a bill by the organization; of a credit note, what is left of it. */
  open: number;
  /** All of the partner's credit in this currency. */
  credit: number;
  /** Of an order: what is not billed or invoiced yet, before tax. */
  left: number;
  /** The organization takes payments online. */
  online: boolean;
  /** A payment is processing. */
  paying: boolean;
  /** A payment that staff recorded can be reversed or moved. */
  reversible?: boolean;
  /** Of a subscription: what the clock does next, and on which day. */
  step?: { name: string; on: string } | null;
  /** Of a subscription: its customer asked for something, and awaits an answer. */
  asked?: boolean;
  /** Of a subscription: it is paused, or will be. */
  pausing?: boolean;
  /** Of a subscription: its invoices are charged automatically. */
  automatic?: boolean;
  /** It will be charged automatically. */
  charging?: boolean;
  /** A payment has arrived, which may be refunded. */
  refundable?: boolean;
  /** What it is about in all. */
  total?: number;
  currency?: string;
  /** The day on which it was last sent. */
  sent_on: string | null;
  /** How often the partner was reminded. */
  reminders: number;
  /** The day of the last reminder. */
  reminded_on: string | null;
  /** The plan of payment reminders: days after the due date, or before it if negative. Empty: none. */
  reminder_days: readonly number[];
  /** The day by which the partner promised to pay. */
  promised_on: string | null;
  /** Since when somebody of the partner doesn’t agree with it; null: nobody, or staff have answered. */
  disputed_on: string | null;
  /** It charges for the late payment of another. */
  late_charge?: boolean;
  partial_payments: boolean;
  signature_required: boolean;
  reference_required: boolean;
  /** A vendor's proposed changes await an answer. */
  changes_proposed: boolean;
  /** It comes to more than one person may approve alone. */
  two_approvals?: boolean;
  /** Who gave the first of two approvals. */
  approved_by?: string | null;
  /** The staff who entered it for its partner. */
  entered_by?: readonly string[];
  /** Of a task: the side of who looks is to do it. Of an event: who looks takes part. */
  theirs?: boolean;
  /** Of a task: who looks is of the vendor that does it. */
  hired?: boolean;
  /** Of a task: its doer agreed to its date. */
  confirmed?: boolean;
  /** Of a task: its doer asks for another date. */
  other_date?: boolean;
  /** Of a task: who looks has just said that it is done. */
  undoable?: boolean;
  /** Somebody who may approve it has neither entered it nor approved it yet. */
  others_may_approve?: boolean;
}

/** Something that can be done to a subject: who may do it, when, what it changes, and who is notified. */
export interface Action<State extends string = string, Kind extends string = Effect> {
  /** The side that may do it; `either` is staff or partner, `starter` the one of them that started it. */
  by: Side | 'either' | 'starter';
  /** What its author's role must permit. Left out: what its module takes, see subjects/modules.ts. */
  permission?: Permission | Readonly<Record<'staff' | 'partner', Permission>>;
  /** Which limit of its author counts, up to the document's total. Left out: none, or `send` where staff freeze it. */
  limit?: LimitKind;
  /** Not for who entered the document, or approved it before. */
  independent?: boolean;
  /** Left out: any state but that of a draft. */
  from?: readonly State[];
  /**
   * Left out: the state stays. With several, the content change or effect chooses the branch, or else whether something
   * is still `open` or all is `settled`.
   */
  to?: State | Readonly<Record<string, State>>;
  /**
   * The input's schema. Its plain fields are shown as a form and stored with the activity; `message` becomes a comment,
   * `content` the new content, `files` are attached.
   */
  asks?: z.ZodObject;
  /** The sides whose participants are notified, or whom it names; except the author. Left out: nobody. */
  notifies?: Notified;
  /** So many seconds its emails wait, in which its author may take it back. Left out: they leave at once. */
  waits?: number;
  /** The author gets the email, too, as a receipt. */
  receipt?: boolean;
  /**
   * The sentence in the timeline and at the top of the email. May contain {{actor}}, {{to}} (the partner, "you" to
   * themselves), {{document}} and the input.
   */
  summary: string;
  /** The summary for the person it names (`person_id` of its details), who reads "you". Left out: the same. */
  summaryToNamed?: string;
  /** The summary where its details have a field, such as one time of a series. */
  summaryOf?: Readonly<Record<string, string>>;
  /** The summary in the email to its author, who reads "You". Left out: the same. */
  summaryToAuthor?: string;
  /** Its button. Left out: it has none. */
  label?: string;
  /** What will happen, shown next to the button. */
  explains?: string;
  /** How its button looks. Left out: plain. */
  style?: 'primary' | 'danger';
  /** A further condition. */
  when?: (facts: Facts, today: string) => boolean;
  contentChange?: ContentChange;
  effect?: Kind;
  /** The type of document that is created from this one: a draft with the same partner and lines. */
  creates?: string;
  /** Stores a version: a snapshot with its SHA-256 and PDF. With a `contentChange`, only if something changed. */
  freezes?: boolean;
  /** What its email has attached: the PDF (to the partner), or the signed PDF (to both sides), if it was signed. */
  attaches?: 'pdf' | 'signed';
  /** Whether the author signs: their name and what they saw are stored. `if required`: by the document. */
  signs?: 'always' | 'if required';
  /** The author's assurance (see `Actor`). Left out: `verified` for staff and for signing, `link` for partners. */
  needs?: 'link' | 'verified';
  /** The page with its form, which is shown again if the input can't be used. Left out: the subject's own page. */
  formPage?: FormPage;
  /** The page that shows what can't be used, where it isn't the form's: a draft's content is corrected in its editor. */
  errorPage?: FormPage;
  /** Its form is shown again afterwards, with what else was typed into it. */
  stays?: boolean;
  /** Repeated by the same person within the hour, it is one activity: saving a draft. */
  merges?: boolean;
  /** Refused after the document's last day, on which nobody could answer it any more. */
  inTime?: boolean;
  /** Who sees that it happened. Left out: both sides. */
  visible?: 'staff' | 'partner';
  /** Recorded once per person and version; notifies only the first time ever. */
  once?: boolean;
  /** The system does it once `when` is true: in the `morning`, or within the `hour`. */
  schedule?: 'morning' | 'hour';
}

/**
 * How a state is shown. `awaits`: the side that must act; `move` tells them what to do, `awaited` the other side. With
 * a date, `moveBy` and `awaitedBy` take their place, if there are any.
 */
export interface StateLabel {
  label: string;
  tone: Tone;
  awaits?: 'staff' | 'partner';
  /** "Your move: …". */
  move?: string;
  /** "Your move: … by {{date}}". */
  moveBy?: string;
  /** "Waiting for …". */
  awaited?: string;
  /** "Waiting for … by {{date}}". */
  awaitedBy?: string;
  /** The button in the partner's email. Left out: "View …". */
  button?: string;
}

/** An action of any kind of subject. */
export type SubjectAction = Action<string, string>;

/** How one kind of subject lives: its states, and what can be done to it. */
export interface Lifecycle<State extends string = string, Kind extends string = string> {
  name: string;
  /** 'Invoice', and the plural 'Invoices'. */
  label: string;
  plural: string;
  /** The path of its list: 'invoices'. */
  path: string;
  module: Module;
  /** The path of its pages: `documents` for /documents/INV-0042. */
  page: string;
  /** Sentences call it by its title, which its activities carry in their details; left out: by its number. */
  titled?: true;
  /** The part of its page that has its conversation: '/comments'. Left out: the page itself. */
  conversation?: string;
  /** There is one for each partner, known without a number. */
  unnumbered?: true;
  /** The state of a draft, which only the side that started it sees. Left out: it has no drafts. */
  draft?: NoInfer<State>;
  /** The state of a draft that was discarded, which nobody sees. */
  discarded?: NoInfer<State>;
  states: readonly [State, ...State[]];
  stateLabels: Readonly<Record<State, StateLabel>>;
  actions: Readonly<Record<string, Action<State, Kind>>>;
}

export type Tone = 'quiet' | 'waiting' | 'good' | 'late' | 'stopped';
