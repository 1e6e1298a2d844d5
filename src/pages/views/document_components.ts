import type { Tone } from '../../document_types/index.js';

export interface Change {
  what: string;
  before: string;
  after: string;
}

export interface FileRow {
  name: string;
  /** Null while it can't be downloaded. */
  url: string | null;
  /** In bytes. */
  size: number;
}

export interface Comment {
  id: string;
  author: string;
  /** The address of their photo. */
  photo?: string | null;
  side: 'staff' | 'partner';
  mine: boolean;
  audience: 'shared' | 'internal';
  via: 'email' | 'portal';
  verified: boolean;
  evidence: string;
  /** Who posted a message that had been held; '' for all others. */
  placed_by: string;
  /** What readers of an email should know of it. */
  notices: string[];
  /** For staff: it asks to be paid elsewhere. */
  bank_warning: boolean;
  at: Date;
  text: string;
  /** The quoted text that was cut off. */
  trimmed: string | null;
  files: FileRow[];
}

/** The form under a conversation. It posts text, audience, files and seen. */
export interface Composer {
  url: string;
  /** Who gets a message, in a sentence. */
  readers: string;
  /** A message reaches somebody of the other side. */
  answered: boolean;
  /** Whether internal notes can be written. */
  internal: boolean;
  /** Who gets an internal note. */
  internal_readers: string;
  value: string;
  audience: 'shared' | 'internal';
  error: string | null;
  seen: string;
}

export interface TimelineItem {
  sentence: string;
  at: Date;
  detail: string | null;
  url?: string | null;
}

/** A line of a sheet. Decimals are strings, the amount is in minor units. */
export interface SheetLine {
  id: string;
  group_name: string;
  description: string;
  quantity: string;
  unit: string;
  unit_price: string;
  discount_percent: string;
  tax_rate: string;
  taxes?: readonly { name: string; rate: string }[];
  /** "VAT 20 %", or the percentage alone. */
  tax_label: string;
  choice: '' | 'optional' | 'alternative';
  picked: boolean;
  refused: boolean;
  delivery_on: string | null;
  amount: number;
}

/** Sums in minor units. */
export interface SheetSums {
  currency: string;
  subtotal: number;
  /** `base`: what it is computed on, where that is not the subtotal. */
  taxes: { key: string; label: string; base: number | null; amount: number }[];
  total: number;
  deposit_percent: string;
  deposit?: number;
  /** The invoices of the deposit, and what has become of them. */
  deposit_invoices?: { href: string; label: string }[];
  /** What was paid ahead, and the tax in it. */
  deductions?: { label: string; within: string; amount: number }[];
  paid?: number;
  /** Credit that was set against it. */
  applied?: number;
  /** What is no longer due without having been paid. */
  dropped?: number;
  dropped_label?: string;
  /** What is left to pay; below zero, a credit. */
  open: number;
}

interface SheetParty {
  name: string;
  lines: string[];
  /** With what it is: "VAT number DE123456789". */
  tax_number: string;
  email: string;
}

/** The receipt of a payment, on its page and in the PDF. */
export interface Receipt {
  title: string;
  amount: string;
  badge: { label: string; tone: Tone };
  payee: SheetParty;
  payer: SheetParty;
  facts: { label: string; value: string }[];
  /** What it paid; [] until it is paid. */
  parts: { label: string; sub: string; amount: string }[];
}

/** A document's content as a sheet of paper: on its page, in the preview and in the PDF. */
export type Sheet = SheetContent & SheetParties;

/** `theirs`: a vendor's paper, on which the sides are swapped. What goes to several vendors names none of them. */
export type SheetParties = { from: SheetParty } & (
  { theirs: true; to: SheetParty } | { theirs: false; to: SheetParty | null }
);

/** How a customer pays by bank. */
export interface PaymentInstructions {
  /** In the organization's words, line by line. */
  note: string[];
  accounts: {
    holder: string;
    bank_name: string;
    numbers: { label: string; value: string; copied: string }[];
    /** By which the payment names the document; null: it has no number yet. */
    reference: { value: string; copied: string } | null;
    /** An SVG's path and the length of its sides; whether it is that of a Swiss QR-bill. */
    code: { path: string; size: number; swiss: boolean } | null;
  }[];
  /** They are other accounts than when it was sent. */
  changed: boolean;
}

/** The payment part and receipt of a Swiss QR-bill, with the words that are laid down for its language. */
export interface QrSlip {
  language: string;
  payment_part: string;
  receipt: string;
  account: string;
  reference_label: string;
  additional: string;
  payable_by_label: string;
  /** Above a box to write in. */
  payable_by_blank: string;
  currency_label: string;
  amount_label: string;
  acceptance_point: string;
  /** The account, then the name and address of whom it belongs to. */
  payable_to: string[];
  /** Null: left out. */
  payable_by: string[] | null;
  reference: string | null;
  message: string;
  currency: string;
  amount: string;
  code: { path: string; size: number };
}

interface SheetContent extends SheetSums {
  /** What the organization says at the foot, line by line. */
  footer?: string[];
  type_label: string;
  /** Null: a draft. */
  number: string | null;
  title: string;
  issued_on: string;
  due_on: string | null;
  due_label: string;
  delivery_on: string | null;
  reference: string;
  reference_label: string;
  note: string;
  terms: string;
  /** Null where there is nothing to pay, or nothing is said of it. */
  payment: PaymentInstructions | null;
  lines: SheetLine[];
  /** What its taxes have it say. */
  tax_notes: readonly string[];
  /** Nothing on it has a price. */
  unpriced: boolean;
  /** It asks a vendor for prices: their columns are empty. */
  asks: boolean;
  /** What the sheet is headed by. */
  head: { label: string; number: string | null };
  /** It is from a buyer to a vendor, with nothing agreed yet. */
  buyer: boolean;
  tax_included: boolean;
  /** What the browser compares to see a newer version. */
  sha256?: string;
  version: number;
}

/** A statement of account, on its page and as a PDF; all amounts as text. */
export interface Statement {
  /** "September 1, 2026 – November 29, 2026 · USD" */
  period: string;
  from: { name: string; lines: string[] };
  to: { name: string; lines: string[] };
  /** The opening balance, what changed it, and the closing balance. */
  equation: { label: string; value: string }[];
  plus_label: string;
  minus_label: string;
  opening: { day: string; balance: string };
  rows: StatementRow[];
  closing: { day: string; plus: string; minus: string; balance: string };
  /** Why not all transactions are shown. */
  truncated: string | null;
  /** The closing balance by due date; null for a period that is over. */
  due: { label: string; value: string; late?: boolean }[] | null;
}

interface StatementRow {
  day: string;
  label: string;
  /** Null in PDFs. */
  href: string | null;
  /** Beside the label: a number, how it was paid. */
  detail: string;
  plus: string;
  minus: string;
  balance: string;
}
