import { join } from 'node:path';
import { root } from '../config.js';
import { accentColours } from './accent.js';
import { asset } from './assets.js';
import { formatFor } from './format.js';
import { linkParts } from './links.js';
import { runTemplate } from './template.js';
import { translatorFor } from './i18n.js';

const views = join(root, 'views');

/** What every page may be given besides its own data; see the comment at the top of each layout. */
export interface PageLocals {
  /** 'portal' unless named: portal, desk, bare or pdf. */
  layout?: string;
  /** BCP 47; decides words and formats unless `t` and `format` are given. */
  locale?: string;
  time_zone?: string;
}

export interface EmailLocals extends PageLocals {
  /** Whose email it is. The accent is "#rrggbb"; it is corrected so that the button's white words can be read. */
  organization: { name: string; accent: string; [more: string]: unknown };
}

/** The whole HTML page of views/{view}.ejs inside its layout. */
export function renderPage(view: string, it: PageLocals & Record<string, unknown>): string {
  const locals = withTools(it);
  const body = runTemplate(join(views, `${view}.ejs`), locals);
  return runTemplate(join(views, 'layouts', `${it.layout ?? 'portal'}.ejs`), { ...locals, body });
}

/** Both parts of the email views/emails/{view}; the HTML carries its styles inline, ready to send. */
export function renderEmail(view: string, it: EmailLocals & Record<string, unknown>): { html: string; text: string } {
  const locals = { ...withTools(it), accent: accentColours(it.organization.accent).light };
  const part = (kind: 'html' | 'txt') => {
    const body = runTemplate(join(views, 'emails', `${view}.${kind}.ejs`), locals);
    return runTemplate(join(views, 'emails', `layout.${kind}.ejs`), { ...locals, body });
  };
  return { html: part('html'), text: tidyText(part('txt')) };
}

function withTools(it: PageLocals & Record<string, unknown>): Record<string, unknown> {
  const locale = it.locale ?? 'en-US';
  return {
    lang: locale,
    now: new Date(),
    t: translatorFor(locale),
    format: formatFor({ locale, time_zone: it.time_zone ?? 'UTC' }),
    asset,
    linked: linkParts,
    ...it,
  };
}

/** Templates leave blank lines where something is absent: at most one is kept. */
function tidyText(text: string): string {
  return `${text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}
