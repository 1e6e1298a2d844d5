import { today } from '../../pages/days.js';
import type { Link } from '../../pages/views/components.js';
import { mayEdit } from '../../people/partner_profile/profile_rights.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { type Profile, readProfile } from './profile_request.js';
import { originOf } from './profile_view.js';

interface PaymentStep {
  label: string;
  text: string;
  /** Null: it is there. */
  link: Link | null;
}

/** What stands between a vendor and being paid. */
export interface PaymentSteps {
  steps: PaymentStep[];
  /** The first thing that is missing. */
  first: Link;
}

/**
 * What a vendor's contact can do for their company to be paid, and what of it is there already; null if nothing is
 * missing. `banking`: bank details can be stored here.
 */
export async function paymentSteps(ctx: RequestContext, banking: boolean): Promise<PaymentSteps | null> {
  const { actor, membership } = ctx;
  const [edits, pays] = [mayEdit(actor, 'details'), mayEdit(actor, 'banking')];
  if (!membership.is_vendor || !pays) return null;
  const profile = await readProfile(ctx);
  const steps = [
    edits ? businessStep(ctx, profile) : null,
    banking ? bankStep(ctx, profile, edits) : null,
    edits ? taxStep(ctx, profile) : null,
  ].filter((step) => step !== null);
  const first = steps.find(({ link }) => link)?.link;
  return first ? { steps, first } : null;
}

function businessStep({ actor, membership }: RequestContext, { business, url }: Profile): PaymentStep {
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const label = t('Business details');
  if (!business)
    return { label, text: t('Nothing entered yet.'), link: { href: `${url}/edit`, label: t('Add business details') } };
  const origin = originOf(business, membership.organization, i18n);
  return business.confirmed_at
    ? { label, text: origin.label, link: null }
    : { label, text: origin.by || origin.label, link: { href: url, label: t('Check details') } };
}

/** `confirms`: an account that staff entered is theirs to confirm. */
function bankStep({ actor }: RequestContext, { accounts, url }: Profile, confirms: boolean): PaymentStep {
  const { t } = i18nOf(actor);
  const label = t('Bank account');
  const text = t('Stored encrypted. Any change is emailed to both sides.');
  if (!accounts.length) return { label, text, link: { href: `${url}/banking/new`, label: t('Add bank account') } };
  const done = !confirms || accounts.every(({ confirmed_at }) => confirmed_at);
  return { label, text, link: done ? null : { href: url, label: t('Check bank account') } };
}

/** The form that American companies pay by; others need none. */
function taxStep({ actor, membership }: RequestContext, { files, url }: Profile): PaymentStep | null {
  if (membership.organization_currency !== 'USD') return null;
  const { t } = i18nOf(actor);
  const valid = files.some(
    ({ kind, replaced_at, valid_until }) =>
      kind === 'w9' && !replaced_at && (!valid_until || valid_until >= today(actor)),
  );
  const link = { href: `${url}/files/new`, label: t('Upload W-9') };
  return { label: t('W-9'), text: t('The tax form of a vendor. PDF or photo.'), link: valid ? null : link };
}
