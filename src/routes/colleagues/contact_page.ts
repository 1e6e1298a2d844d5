import { shownAddress } from '../../input/email_address.js';
import type { Danger, Link } from '../../pages/views/components.js';
import type { Translate } from '../../pages/i18n.js';
import { dataLinks } from '../data_rights/data_link.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { textParam } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { accessForm, accessView, type Given } from './access_view.js';
import { type ContactAccess, contactState, isInvited } from './contact_queries.js';

interface Place {
  back: Link;
  /** The contact's own address, below which each act has its own. */
  url: string;
  /** Where the form posts to. */
  action: string;
}

/** What one contact may use, for staff or a manager to change. `?allow=` ticks a module that was asked for. */
export function contactPage(
  ctx: RequestContext,
  contact: ContactAccess,
  given: Given,
  { back, url, action }: Place,
  errors: Errors,
): string {
  const t = translatorOf(ctx);
  const asked = textParam.parse(ctx.req.query['allow']);
  const has = (name: string) => !contact.modules || contact.modules.includes(name) || name === asked;
  const { state_label, tone } = contactState(contact, i18nOf(ctx.actor));
  return contextPage(ctx, accessView, contact.name, {
    ...accessForm(ctx.req.body, given, { role: contact.role, has }, t),
    title: contact.name,
    back,
    text: shownAddress(contact.email),
    links: dataLinks(ctx.actor, ctx.membership, contact.id),
    badge: { label: state_label, tone, boxed: false },
    action,
    cancel: back.href,
    errors,
    button: contact.guest ? t('Make them a contact') : t('Save'),
    acts: actsFor(contact, url, t),
    danger: removal(url, t),
  });
}

function actsFor(contact: ContactAccess, url: string, t: Translate): { action: string; label: string }[] {
  if (contact.guest || contact.activated_at) return [];
  if (!isInvited(contact)) return [{ action: `${url}/invite`, label: t('Invite') }];
  return [
    { action: `${url}/invite`, label: t('Resend invitation') },
    { action: `${url}/withdraw`, label: t('Withdraw invitation') },
  ];
}

const removal = (url: string, t: Translate): Danger => ({
  action: `${url}/remove`,
  label: t('Take access away'),
  explains: t('Their links and reply addresses stop working at once. What they wrote stays.'),
});
