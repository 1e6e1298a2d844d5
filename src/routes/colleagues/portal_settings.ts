import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { Invalid } from '../../errors.js';
import type { Translate } from '../../pages/i18n.js';
import { defineView } from '../../pages/views/render.js';
import { line, readForm, submittedText, text } from '../../people/form_values.js';
import { portalSettings, setPortal } from '../../people/invitations/portal_modules.js';
import { TERMS_KINDS, type TermsKind } from '../../people/terms/default_terms.js';
import {
  latestTerms,
  paragraphsOf,
  publishTerms,
  type Terms,
  type TermsStanding,
  termsStanding,
} from '../../people/terms/terms.js';
import { MODULES } from '../../subjects/modules.js';
import { submitOnce } from '../acts/once.js';
import { type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { admins } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';

/** What the portal shows, and what its users agree to. Posts module_*, renew, terms and privacy. */
interface PortalInput {
  side: SettingsSide;
  action: string;
  errors: Errors;
  modules: { name: string; label: string; describes: string; ticked: boolean }[];
  renew: boolean;
  texts: { name: string; label: string; value: string; note: string; href: string }[];
}

export const portalSettingsView = defineView<PortalInput>('colleagues/portal_settings');

const PAGE = 'organization/portal';
const PATH = `/:organization/settings/${PAGE}`;

/** Which modules the portal shows its partners at all, for the owner and admins. */
export function portalSettingsPages(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(
    PATH,
    handle(admins, async (ctx) => ctx.res.send(await formPage(ctx, {}))),
  );
  router.post(PATH, handle(admins, save));
  return router;
}

const Portal = z.object({ renew: line(5), terms: text(50_000), privacy: text(50_000) });

async function save(ctx: RequestContext) {
  const { db, req, actor } = ctx;
  const [terms] = await read(db.pool, actor, latestTerms());
  const work = async ({ db }: RequestContext) => {
    const { renew, ...texts } = readForm(Portal, req.body);
    const typed = submittedText(req.body);
    const shown = MODULES.map(({ name }) => name).filter((name) => typed[`module_${name}`] === 'on');
    if (!shown.length) throw new Invalid({ form: 'Choose at least one module.' });
    await setPortal(db.knex, actor, { shown, invitations_renew: renew === 'on' });
    for (const kind of TERMS_KINDS)
      if (texts[kind] !== textOf(terms, kind, ctx)) await publishTerms(db.knex, actor, kind, texts[kind]);
    return `${settingsUrl(ctx, PAGE)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, errors));
}

/** A text as the form shows it: the default one in the reader's language, until there is another. */
function textOf(terms: readonly Terms[], kind: TermsKind, ctx: RequestContext): string {
  const found = terms.find((one) => one.kind === kind);
  return found ? paragraphsOf(found, ctx.membership.organization, translatorOf(ctx)).join('\n\n') : '';
}

const LABELS = { terms: 'Portal terms', privacy: 'Privacy notice' } as const;

async function formPage(ctx: RequestContext, errors: Errors): Promise<string> {
  const { db, req, actor, membership } = ctx;
  const queries = [portalSettings(actor), latestTerms(), termsStanding(actor)] as const;
  const [[settings], terms, standing] = await read(db.pool, actor, ...queries);
  const { t } = i18nOf(actor);
  const typed = submittedText(req.body);
  const sent = 'terms' in typed;
  const shown = settings?.modules;
  const ticked = (name: string) => (sent ? typed[`module_${name}`] === 'on' : !shown || shown.includes(name));
  return contextPage(ctx, portalSettingsView, t('Portal'), {
    side: settingsSide(ctx, PAGE),
    action: settingsUrl(ctx, PAGE),
    errors,
    modules: MODULES.map(({ name, label, describes }) => ({
      name,
      label: t(label),
      describes: t(describes),
      ticked: ticked(name),
    })),
    renew: sent ? typed['renew'] === 'on' : (settings?.invitations_renew ?? true),
    texts: TERMS_KINDS.map((kind) => ({
      name: kind,
      label: t(LABELS[kind]),
      value: typed[kind] ?? textOf(terms, kind, ctx),
      note: noteOf(terms, standing, kind, t),
      href: `/${membership.slug}/${kind}`,
    })),
  });
}

/** Which version counts, and how many have accepted it. */
function noteOf(terms: readonly Terms[], standing: readonly TermsStanding[], kind: TermsKind, t: Translate): string {
  const version = terms.find((one) => one.kind === kind)?.version ?? 0;
  const accepted = standing.filter((one) => one.kind === kind);
  const sum = (of: readonly TermsStanding[]) => of.reduce((all, { contacts }) => all + contacts, 0);
  const now = sum(accepted.filter((one) => one.version === version));
  const before = sum(accepted.filter((one) => one.version < version));
  return [
    version
      ? t('Version {{version}} counts now. A change is published as the next one.', { version })
      : t('Our standard text counts now. A change is published as version 1.'),
    now ? t('Accepted by {{count}} contacts.', { count: now }) : t('Nobody has accepted it yet.'),
    before ? t('{{count}} accepted an earlier version and are asked again.', { count: before }) : '',
  ]
    .filter(Boolean)
    .join(' ');
}
