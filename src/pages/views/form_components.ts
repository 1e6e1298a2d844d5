export interface Link {
  href: string;
  label: string;
}

export interface ButtonLink extends Link {
  primary?: boolean;
  download?: boolean;
}

/** An option of a select or a radio group. */
export interface Choice {
  value: string;
  label: string;
  hint?: string | null;
}

type TextKind =
  'text' | 'longtext' | 'email' | 'money' | 'number' | 'date' | 'time' | 'code' | 'search' | 'tel' | 'password';

export interface Field {
  name: string;
  kind: TextKind | 'choice' | 'radio' | 'checkbox' | 'file';
  label: string;
  hint?: string | null | undefined;
  /** Of a checkbox: 'on' or true, if it is checked. */
  value?: string | boolean | undefined;
  error?: string | null | undefined;
  required?: boolean;
  /** False leaves out the word "optional". */
  optional?: boolean;
  choices?: readonly Choice[];
  /** Of a date: days that one click chooses. */
  near?: readonly Choice[];
  /** Shown beside a field for money. */
  currency?: string;
  /** Default: field-{name}. */
  id?: string;
  autocomplete?: string;
  maxlength?: number;
  /** Of a file field: takes several. */
  multiple?: boolean;
  /** Of a longtext: the id of its form, if it stands outside. */
  form?: string;
}

export type HiddenFields = Readonly<Record<string, string>>;

/** What is asked of the one who signs. */
export interface SignatureForm {
  /** The sentence that is agreed to. */
  intent: string;
  terms: string | null;
  /** The name as it was typed. */
  value: string;
  error: string | null;
}

/** An action as its button, with the form that opens under it. */
export interface ActionButton {
  name: string;
  label: string;
  explains: string | null;
  style: 'plain' | 'primary' | 'danger';
  /** A page of its own instead of a form. */
  href: string | null;
  /** Where the form posts to; null where `href` leads on. */
  url: string | null;
  /** The page first asks for a code from the mailbox. */
  needs_code: boolean;
  fields: Field[];
  hidden?: HiddenFields;
  /** A form unfolds under it; or else it is done by one click. */
  unfolds: boolean;
  open: boolean;
  /** What is open, which an act that moves money depends on; in minor units. */
  money_seen?: number | null;
  /** Its form carries files. */
  multipart?: boolean;
  /** The ticks on the sheet's optional lines belong to its form. */
  choices?: boolean;
  signature?: SignatureForm | null;
}

export interface DialogForm {
  action: string;
  fields: Field[];
  button: string;
  /** Default: primary. */
  style?: 'primary' | 'danger';
  hidden?: HiddenFields;
}

export interface Filters {
  /** The list's address. */
  action: string;
  search: { name: string; value: string; label: string } | null;
  choices: { name: string; label: string; value: string; choices: readonly Choice[] }[];
  /** Fields behind the button "More". */
  fields?: Field[];
  /** Links behind it, too: what they narrow the list to. */
  periods?: { href: string; label: string; current: boolean }[];
  /** They stand open. */
  more?: boolean;
  hidden: HiddenFields;
  /** The list without filters; null where there are none. */
  clear: string | null;
}

/** A form that is a page of its own. */
export interface FormPage {
  title: string;
  back: Link;
  text?: string | null;
  links?: ButtonLink[];
  action: string;
  error: string | null | undefined;
  /** An array is a row of fields. */
  fields: (Field | Field[])[];
  hidden?: HiddenFields;
  /** What may be here already, looked for at `url` while it is filled in. */
  matches?: (Matches & { url: string }) | null;
  button: string;
  cancel: string;
  danger?: Danger | null;
  /** Rows with a button each, below the form. */
  also?: { title: string; text: string; rows: FormRow[] } | null;
}

export interface Matches {
  title: string;
  links: { href: string; label: string; sub: string }[];
}

/** A button that takes something away, behind a sentence about what that does. */
export interface Danger {
  action: string;
  label: string;
  explains: string;
}

interface FormRow {
  text: string;
  action: string;
  hidden: HiddenFields;
  button: string;
}
