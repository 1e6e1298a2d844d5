import type { Choice, Field, HiddenFields, Link } from '../../pages/views/components.js';
import type { BareLayout } from '../../pages/views/layouts.js';
import { defineView } from '../../pages/views/render.js';
import type { Errors } from '../shared/form.js';

/** Posts code. `sent_to` is a masked address; null if the address may have no account. */
interface CodeInput {
  action: string;
  sent_to: string | null;
  error: string | null;
  return_to: string;
}

/** The page of a sign-in link: one button, since a GET must not sign anyone in. */
interface EnterInput {
  action: string;
  name: string;
  email: string;
  return_to: string;
}

export interface ExpiredLinkInput {
  reason: 'expired' | 'unknown';
  /** The URL for requesting a new link; null if none can be sent. */
  action: string | null;
  /** Whether a new link was just sent. */
  sent: boolean;
  /** The address for a new link, masked: "m•••@maple.example". */
  masked: string | null;
  hidden: HiddenFields;
  sign_in_url: string;
}

interface SetupInput {
  action: string;
  values: Readonly<Record<string, string>>;
  errors: Errors;
  currencies: Choice[];
  locales: Choice[];
  time_zones: Choice[];
  base_url: string;
}

/** Posts email and return_to. */
interface SignInInput {
  action: string;
  email: string;
  error: string | null;
  return_to: string;
  /** Replaces the usual text below the form. */
  hint?: string;
  password_url: string;
  /** Whom staff may sign in with. */
  providers: Link[];
}

/** Shown when a signed-in visitor opens a link that was sent to another person. Posts the token. */
interface SwitchInput {
  action: string;
  stay_url: string;
  link_name: string;
  signed_in_name: string;
  /** What the link opens: "Invoice INV-0042". */
  about: string;
  hidden: HiddenFields;
}

/** `action` is null if the link is not valid, `about` if its email was a summary. */
type UnsubscribeInput =
  | { action: null }
  | { action: string; about: string | null; masked: string; muted: boolean; rhythm: RhythmForm | null };

/** How often emails of one kind come. */
interface RhythmForm {
  action: string;
  field: Field;
  /** It was just chosen. */
  saved: boolean;
}

/** Shown before a step that needs a verified mailbox. Posts return_to. */
interface VerifyInput {
  action: string;
  email: string;
  return_to: string;
  back: string;
  /** They are signed in: it is for a risky step. */
  again: boolean;
}

export interface VerifyPdfInput {
  /** The result for the uploaded file; null before an upload. */
  result: { error: string | null; sha256?: string; found?: FoundPdf | null } | null;
}

interface FoundPdf {
  document: string;
  title: string;
  version: number;
  organization: string;
  content_sha256: string;
  signers: { name: string; email: string; at: string }[];
}

export const codeView = defineView<CodeInput, BareLayout>('access/code');
export const enterView = defineView<EnterInput, BareLayout>('access/enter');
export const expiredLinkView = defineView<ExpiredLinkInput, BareLayout>('access/expired_link');
export const setupView = defineView<SetupInput, BareLayout>('access/setup');
export const signInView = defineView<SignInInput, BareLayout>('access/sign_in');
export const switchView = defineView<SwitchInput, BareLayout>('access/switch');
export const unsubscribeView = defineView<UnsubscribeInput, BareLayout>('access/unsubscribe');
export const verifyView = defineView<VerifyInput, BareLayout>('access/verify');
export const verifyPdfView = defineView<VerifyPdfInput, BareLayout>('access/verify_pdf');
