import type { Tone } from '../../document_types/index.js';
import type {
  Change,
  Comment,
  Composer,
  FileRow,
  QrSlip,
  Receipt,
  Sheet,
  SheetLine,
  SheetSums,
  Statement,
  TimelineItem,
} from './document_components.js';
import type {
  ActionButton,
  ButtonLink,
  DialogForm,
  Field,
  Filters,
  FormPage,
  Matches,
  Link,
  SignatureForm,
} from './form_components.js';

export type * from './document_components.js';
export type * from './form_components.js';

export interface Badge {
  tone: Tone;
  label: string;
  /** Whose move it is and which, in a sentence. */
  move?: string | null;
  /** Default true. */
  boxed?: boolean;
}

export interface Bar {
  label: string;
  /** Decides the bar's length. */
  value: number;
  /** The amount as text. */
  text: string;
  tone?: 'late';
}

interface Face {
  name: string;
  /** The address of their photo; null for the initials. */
  photo: string | null;
  ours?: boolean | undefined;
}

interface Column {
  label: string;
  number?: boolean;
  /** As wide as its words. */
  tight?: boolean;
  /** Hidden on phones. */
  wide?: boolean;
  head?: ColumnHead;
}

/** The head of a column that the list can be sorted by. */
export interface ColumnHead {
  href: string;
  sorted: 'ascending' | 'descending' | null;
}

type Cell =
  | string
  | {
      text?: string | null;
      sub?: string | null;
      late?: boolean;
      badge?: Badge;
      at?: Date;
      /** `about`: what is said besides to who hears it. */
      link?: (Link & { about?: string }) | null;
      /** The person it names. */
      face?: Face;
    };

interface Row {
  href?: string | null;
  /** Under the first cell on phones, where its own column is hidden. */
  badge?: Badge;
  cells: Cell[];
}

export interface Stat {
  label: string;
  value: string;
  sub: string | null;
  tone?: 'late';
}

export interface Tab extends Link {
  current: boolean;
  count?: number | string | null;
}

/** What came of an act, as long as its page says it. */
export interface Moment {
  /** `good`: done; `waiting`: on its way; `working`: under way this very moment. */
  seal: 'good' | 'waiting' | 'working';
  kicker: string | null;
  /** A sentence in the past, in the second person for who did it. */
  title: string;
  facts: string;
  steps: { state: 'done' | 'now' | 'later'; title: string; text: string }[];
  text: string | null;
  /** Where to look again while it is under way. */
  again: string | null;
}

/** What each file of views/components is given, by its name. */
export interface Components {
  action: { action: ActionButton; seen: string };
  action_bar: { actions: ActionButton[]; seen: string; amount: string | null; fact: string | null; choices?: boolean };
  badge: Badge;
  changes: { changes: Change[] };
  chart: { label: string; bars: Bar[] };
  comment: { comment: Comment };
  comment_warnings: { comment: Comment };
  composer: { composer: Composer };
  conversation: { comments: Comment[]; composer: Composer | null; with: string };
  dialog: { label: string; open: boolean; text?: string; form?: DialogForm };
  empty_state: { title: string; text: string; link: ButtonLink | null };
  field: Field;
  face: Face;
  file_row: FileRow;
  filters: Filters;
  form_error: { error: string | null | undefined };
  exports: { exports: Link[] };
  matches: Matches;
  form_page: FormPage;
  /** A symbol of public/img/icons.svg. */
  icon: { name: string };
  line_table: { lines: SheetLine[]; currency: string; unpriced: boolean; asks: boolean; form: string | null };
  /** Its addresses become links. */
  linked_text: { text: string };
  list: { caption: string; columns: Column[]; rows: Row[]; next?: string | null };
  moment: Moment;
  page_head: PageHead;
  person: { name: string; email: string | null; photo?: string | null; ours?: boolean };
  popover: { label: string; text: string | null; links: Link[] };
  receipt: { receipt: Receipt };
  progress: { label: string; value: number; max: number; text: string };
  /** `form`: the id of the form that the ticks of optional lines belong to; null: they can't be changed. */
  sheet: { document: Sheet; form?: string | null };
  slip: { slip: QrSlip; mark: string | null };
  signature: SignatureForm & { prefix: string };
  statement: { statement: Statement };
  stats: { stats: Stat[] };
  tabs: { label: string; tabs: Tab[] };
  /** 'YYYY-MM-DD', or a moment. */
  time: { at: Date | string };
  timeline: { timeline: TimelineItem[] };
  toast: { text: string };
  totals: SheetSums & { tax_included: boolean };
}

interface PageHead {
  title: string;
  kicker?: string | null;
  back?: Link | null;
  text?: string | null;
  badge?: Badge | null;
  links?: ButtonLink[];
}
