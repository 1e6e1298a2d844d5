export type Side = 'staff' | 'partner' | 'system';

/** What a form asks. A question mark at the end: may stay empty. `file` is one that comes along. */
type Kind = 'text' | 'long text' | 'email' | 'money' | 'date' | 'id' | 'document' | 'file';
export type Question = Kind | `${Kind}?`;

/** How the content itself changes before it is frozen; documents/changing.ts says how. */
export type ContentChange =
  'choices' | 'prices' | 'delivery' | 'deadline' | 'propose' | 'apply proposed' | 'drop proposed';

/** What else changes in the same transaction; documents/effects.ts says how. */
export type Effect =
  | 'comment'
  | 'charge'
  | 'start payment'
  | 'payment outcome'
  | 'settle'
  | 'clear'
  | 'forward'
  | 'accepted'
  | 'invite'
  | 'count'
  | 'match'
  | 'owe'
  | 'remit'
  | 'credit'
  | 'apply credit'
  | 'refund'
  | 'award'
  | 'order'
  | 'propagate'
  | 'recount'
  | 'detach'
  | 'schedule';

/** What a condition may look at. Dates are ISO 8601 days; amounts are minor units. */
export interface Facts {
  started_by: 'staff' | 'partner';
  due_on: string | null;
  /**
   * What is still owed: by the partner, or on a bill by the organization. On a credit note: what is still to its
   * credit.
   */
  open: number;
  /** The partner's credit in this currency, from wherever. */
  credit: number;
  /** Of an order: what is not yet billed or invoiced, before tax. */
  left: number;
  /** The organization takes payments online. */
  online: boolean;
  /** A payment is on its way. */
  paying: boolean;
  /** The day on which it was last sent. */
  sent_on: string | null;
  /** How often the partner was reminded, and on which day last. */
  reminders: number;
  reminded_on: string | null;
  partial_payments: boolean;
  signature_required: boolean;
  reference_required: boolean;
  /** A vendor has proposed changes that nobody has answered yet. */
  changes_proposed: boolean;
}

/** One thing that can be done to a document: who may, when, what it becomes, and who hears of it. */
export interface Action<State extends string = string> {
  /** The side that may do it; `either` is staff or partner, `starter` the one of them that started the document. */
  by: Side | 'either' | 'starter';
  /** Left out: in any state but a draft. */
  from?: readonly State[];
  /**
   * Left out: the state stays. Several: which of them is said by what else changed, or else by whether something is
   * still `open` or all is `settled`.
   */
  to?: State | Readonly<Record<string, State>>;
  /**
   * What to ask first: drawn as a form, checked, and kept with the event. `message` becomes a comment; a `document`
   * becomes its new content.
   */
  asks?: Readonly<Record<string, Question>>;
  /** Whose participants are emailed, apart from the one who did it. Left out: nobody. */
  notifies?: 'staff' | 'partner' | 'both';
  /** The one who did it gets the email, too: a receipt. */
  receipt?: boolean;
  /**
   * The event in words: its line in the timeline, the first line of its email. {{actor}}, {{to}} (the partner: "you"
   * to themselves), {{document}} and what was asked may stand in it.
   */
  summary: string;
  /** The words on its button. Left out: it has no button. */
  label?: string;
  /** What will happen, said before the button does it. */
  explains?: string;
  /** How its button looks. Left out: plain. */
  style?: 'primary' | 'danger';
  /** A further condition. */
  when?: (facts: Facts, today: string) => boolean;
  contentChange?: ContentChange;
  effect?: Effect;
  /** The type of document that is made from this one, as a draft with the same partner and lines. */
  creates?: string;
  /**
   * Keeps what was sent as a version: a snapshot with its SHA-256 and its PDF. With `changes`: if something did
   * change.
   */
  freezes?: boolean;
  /** Its email to the partner carries the PDF; `signed`, to both sides, the signed one if it was signed. */
  attaches?: 'pdf' | 'signed';
  /** Whether the one who does it signs: their name and what they saw are kept. What is agreed to, in words. */
  signs?: 'always' | 'if required';
  /**
   * `verified`: the one who does it must have shown that the mailbox is theirs. Left out: staff must, and whoever
   * signs; partners need not.
   */
  needs?: 'link' | 'verified';
  /** The page that holds its form. Left out: the form opens on the document's own page. */
  formPage?: 'edit' | 'pay' | 'answer' | 'compare';
  /** Done again by the same person within the hour, it is told as one event: saving a draft again and again. */
  merges?: boolean;
  /** Its last day must not have passed, or nobody could answer it. */
  inTime?: boolean;
  /** Who sees that it happened. Left out: both sides. */
  visible?: 'staff' | 'partner';
  /** Recorded once for each person and version, told the first time alone, and not shown as a button. */
  once?: boolean;
  /** The clock does it by itself on the morning (`remind`) or at the hour when `when` becomes true. */
  schedule?: 'morning' | 'hour';
}

/**
 * How a state is called and how it feels, where its own name doesn't say it. `waits`: whose move it is, and which,
 * said to them and to the others.
 */
export interface StateLabel {
  label: string;
  tone: Tone;
  awaits?: 'staff' | 'partner';
  /** "Your move: …"; with {{date}} if the document has one. To those who wait. */
  move?: string;
  /** The same to the other side: "Waiting for …". */
  awaited?: string;
  /** The words on the button of the partner's email. Left out: "View …". */
  button?: string;
}

/** Which of a draft's fields and a document's features a type has. */
export type Feature =
  'partial_payments' | 'signature' | 'reference' | 'deposit' | 'choices' | 'delivery' | 'unpriced' | 'their_number';

/** A list's tab: the documents in these states; `late`: of those, the ones whose date has passed. */
export interface Tab {
  name: string;
  label: string;
  states: readonly string[];
  late?: boolean;
  /** Only for this side. */
  side?: 'staff' | 'partner';
}

/**
 * A way on from a document that changes nothing by itself: a page of its own. `to` is an address below the
 * organization's; {{key}} is the document.
 */
export interface NextStep {
  label: string;
  by: 'staff' | 'partner';
  from: readonly string[];
  to: string;
  style?: 'primary';
}

export interface DocumentType<State extends string = string> {
  name: string;
  /** Its name to people: 'Invoice', 'Invoices'. */
  label: string;
  plural: string;
  /** Where its list is: 'invoices'. */
  path: string;
  prefix: string;
  /** Whether partners of this kind get it, or send it. */
  partner: 'customer' | 'vendor';
  startedBy: 'staff' | 'partner';
  /** What is owed on it: by the partner, to the partner, or as credit of theirs. Left out: nothing is. */
  owes?: 'receivable' | 'payable' | 'credit';
  /** What its date means: 'Due', 'Valid until'. */
  due: string;
  features: readonly Feature[];
  tabs: readonly Tab[];
  /** In order of life. A document starts in the first, `draft`, which only the side that started it sees. */
  states: readonly [State, ...State[]];
  stateLabels: Readonly<Record<State, StateLabel>>;
  nextSteps?: readonly NextStep[];
  actions: Readonly<Record<string, Action<State>>>;
}

export type Tone = 'quiet' | 'waiting' | 'good' | 'late' | 'stopped';

const comment: Action = {
  by: 'either',
  asks: { text: 'long text?', audience: 'text?' },
  notifies: 'both',
  summary: '{{actor}} wrote about {{document}}',
  effect: 'comment',
  needs: 'link',
};

const view: Action = { by: 'partner', notifies: 'staff', summary: '{{actor}} looked at {{document}}', once: true };

/**
 * Gives the type what every document has: a draft can be edited, it can be copied, files and comments hang on it, and
 * it is noted when the partner first looks at it. The compiler checks each state that an action names.
 */
export const defineType = <const State extends string>(
  type: Omit<DocumentType<State>, 'actions'> & { actions: Readonly<Record<string, Action<NoInfer<State>>>> },
): DocumentType => {
  const edit: Action<State> = {
    by: 'starter',
    from: [type.states[0]],
    summary: '{{actor}} edited the draft',
    label: 'Edit',
    asks: { content: 'document' },
    formPage: 'edit',
    merges: true,
  };
  const detach: Action<State> = {
    by: 'starter',
    from: [type.states[0]],
    summary: '{{actor}} took {{name}} off the draft',
    asks: { file: 'id' },
    effect: 'detach',
  };
  const copy: Action = {
    by: type.startedBy,
    summary: '{{actor}} copied {{document}}',
    label: 'Copy',
    creates: type.name,
    visible: type.startedBy,
  };
  return {
    ...type,
    actions: { edit, detach, ...type.actions, ...(type.name === 'proposal' ? {} : { copy }), comment, view },
  };
};
