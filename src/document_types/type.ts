export type Side = 'staff' | 'partner' | 'clock';

/** What a form asks. A question mark at the end: may stay empty. */
type Kind = 'text' | 'long text' | 'email' | 'money' | 'date' | 'id' | 'document';
export type Question = Kind | `${Kind}?`;

/** What else changes in the same transaction; documents/effects.ts says how. */
export type Effect = 'comment' | 'charge' | 'start payment' | 'payment outcome' | 'settle' | 'clear' | 'forward';

/** What a condition may look at. Dates are ISO 8601 days; amounts are minor units. */
export interface Facts {
  due_on: string | null;
  open: number;
  /** The organization takes payments online. */
  online: boolean;
  /** A payment is on its way. */
  paying: boolean;
  /** How often the partner was reminded, and on which day last. */
  reminders: number;
  reminded_on: string | null;
  partial_payments: boolean;
  signature_required: boolean;
}

/** One thing that can be done to a document: who may, when, what it becomes, and who hears of it. */
export interface Action<State extends string = string> {
  /** The side that may do it; `either` is staff or partner. */
  by: Side | 'either';
  /** Left out: in any state but a draft. */
  from?: readonly State[];
  /** Left out: the state stays. A pair: what it becomes once nothing is owed any more, and while something still is. */
  to?: State | { settled: State; open: State };
  /** What to ask first: drawn as a form, checked, and kept with the event. `message` becomes a comment; a `document` becomes its new content. */
  asks?: Readonly<Record<string, Question>>;
  /** Whose participants are emailed, apart from the one who did it. Left out: nobody. */
  tells?: 'staff' | 'partner' | 'both';
  /** The event in words: its line in the timeline, the first line of its email. {{actor}}, {{to}} (the partner: "you" to themselves), {{document}} and what was asked may stand in it. */
  says: string;
  /** The words on its button. Left out: it has no button. */
  label?: string;
  /** What will happen, said before the button does it. */
  explains?: string;
  /** How its button looks. Left out: plain. */
  style?: 'primary' | 'danger';
  /** A further condition. */
  when?: (facts: Facts, today: string) => boolean;
  also?: Effect;
  /** The type of document that is made from this one, as a draft with the same partner and lines. */
  makes?: string;
  /** Keeps what was sent as a version: a snapshot with its SHA-256 and its PDF. */
  freezes?: boolean;
  /** Its email to the partner carries the PDF. */
  attaches?: 'pdf';
  /** Whether the one who does it signs: their name and what they saw are kept. */
  signs?: 'always' | 'if required';
  /** `verified`: the one who does it must have shown that the mailbox is theirs. Left out: staff must, partners need not. */
  needs?: 'link' | 'verified';
  /** The page that holds its form. Left out: the form opens on the document's own page. */
  opens?: 'edit' | 'pay';
  /** Recorded once for each person and version, told the first time alone, and not shown as a button. */
  once?: boolean;
}

export interface DocumentType<State extends string = string> {
  name: string;
  /** Its name to people: 'Invoice', 'Invoices'. */
  label: string;
  plural: string;
  prefix: string;
  /** Whether partners of this kind get it, or send it. */
  partner: 'customer' | 'vendor';
  startedBy: 'staff' | 'partner';
  /** In order of life. A document starts in the first, `draft`, which only the side that started it sees. */
  states: readonly [State, ...State[]];
  /** How a state is called and how it feels, where the state's own name doesn't say it. `waits`: whose move it is. */
  looks: Readonly<Record<State, { label: string; tone: Tone; waits?: 'staff' | 'partner' }>>;
  actions: Readonly<Record<string, Action<State>>>;
}

export type Tone = 'quiet' | 'waiting' | 'good' | 'late' | 'stopped';

const comment: Action = {
  by: 'either',
  asks: { text: 'long text?', audience: 'text?' },
  tells: 'both',
  says: '{{actor}} wrote about {{document}}',
  also: 'comment',
  needs: 'link',
};

const view: Action = { by: 'partner', tells: 'staff', says: '{{actor}} looked at {{document}}', once: true };

/**
 * Gives the type what every document has: a draft can be edited, it can be commented on, and it is noted when the partner first looks at it.
 * The compiler checks each state that an action names.
 */
export const defineType = <const State extends string>(
  type: Omit<DocumentType<State>, 'actions'> & { actions: Readonly<Record<string, Action<NoInfer<State>>>> },
): DocumentType => {
  const edit: Action<State> = {
    by: type.startedBy,
    from: [type.states[0]],
    says: '{{actor}} edited the draft',
    label: 'Edit',
    asks: { content: 'document' },
    opens: 'edit',
  };
  return { ...type, actions: { edit, ...type.actions, comment, view } };
};
