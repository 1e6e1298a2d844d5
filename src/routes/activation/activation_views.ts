import type { Tone } from '../../document_types/index.js';
import type { Badge } from '../../pages/views/components.js';
import type { ActivationLayout, BareLayout } from '../../pages/views/layouts.js';
import { defineView } from '../../pages/views/render.js';
import type { PaymentSteps } from '../profile/payment_steps.js';
import type { Errors } from '../shared/form.js';

/** What the inviter wrote, and what waits. */
export interface Letter {
  inviter: string;
  /** Whom they are invited for; null for staff. */
  partner: string | null;
  sent_at: Date;
  message: string;
  waiting: { text: string; detail: string; late: boolean }[];
}

/** Step 1: names, and the terms. Posts first_name, last_name, terms and seen, the versions that are shown. */
interface NamesInput {
  action: string;
  first_name: string;
  last_name: string;
  email: string;
  why: string;
  /** Who can change the address, by first name. */
  asks: string;
  agreed: boolean;
  seen: string;
  errors: Errors;
  terms_url: string;
  privacy_url: string;
  letter: Letter;
  /** Steps to come; staff have none. */
  steps: boolean;
  /** Posts password, too. */
  asks_password: boolean;
  greeting: string;
}

/** An expired invitation. Posts nothing. */
interface ExpiredInput {
  action: string;
  expired_on: string;
  masked: string;
  /** It sends itself again; or else staff are asked. */
  renews: boolean;
  /** What was done just now. */
  done: { text: string; note: string } | null;
  asks: string;
}

/** An invitation that was taken: posts the address to sign in with. */
interface ActiveInput {
  action: string;
  email: string;
  return_to: string;
  activated_on: string;
}

/** Opened by somebody else, who is signed in. */
interface OthersInput {
  action: string;
  invited: string;
  signed_in: string;
  home_url: string;
}

/** Step 2: job title and photo. Posts title, files, and skip or stay. */
interface ProfileInput {
  action: string;
  title: string;
  photo: string | null;
  name: string;
  partner: string;
  errors: Errors;
}

/** Step 3: what they may use. */
interface OverviewInput {
  action: string;
  set_by: string;
  modules: ModuleRow[];
  missing: MissingModule[];
  asks: string;
}

export interface ModuleRow {
  label: string;
  describes: string;
  badge: Badge | null;
  count: string | null;
}

export interface MissingModule {
  label: string;
  action: string;
  /** They asked within the day. */
  asked: boolean;
}

/** The end: the one thing that waits, or what a vendor needs for being paid. */
interface DoneInput {
  partner: string;
  headline: string;
  text: string;
  next: { title: string; amount: string | null; detail: string; href: string; tone: Tone } | null;
  /** Null: it is not theirs to do, or nothing is missing. */
  payment: PaymentSteps | null;
  address: string;
  home_url: string;
}

/** The terms or the privacy notice, for anybody. */
interface TermsInput {
  title: string;
  note: string;
  paragraphs: string[];
  contact: string[];
  other: { href: string; label: string };
}

export const namesView = defineView<NamesInput, ActivationLayout>('activation/names');
export const expiredView = defineView<ExpiredInput, ActivationLayout>('activation/expired');
export const activeView = defineView<ActiveInput, ActivationLayout>('activation/active');
export const othersView = defineView<OthersInput, ActivationLayout>('activation/others');
export const profileStepView = defineView<ProfileInput, ActivationLayout>('activation/profile');
export const overviewView = defineView<OverviewInput, ActivationLayout>('activation/overview');
export const doneView = defineView<DoneInput, ActivationLayout>('activation/done');
export const termsView = defineView<TermsInput, BareLayout>('activation/terms');
