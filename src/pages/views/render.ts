import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { root } from '../../config.js';
import { plainLocale } from '../../input/locale_tag.js';
import { accentColours } from '../styles/accent.js';
import { asset } from '../assets.js';
import { formatFor, type Reader } from '../format.js';
import { translatorFor } from '../i18n.js';
import { linkParts } from '../links.js';
import type { EmailLayout, OrganizationLayout, PageLayout } from './layouts.js';
import { runTemplate } from './template.js';
import { withWholeNumbers } from './whole_numbers.js';

/** A file below views/, without its ending, with the types of what it and its layout are given. */
export interface View<Input extends object, Layout extends object = OrganizationLayout> {
  readonly name: string;
  /** Never set: this is how a view carries its types. */
  readonly types?: { input: Input; layout: Layout };
}

/**
 * Names a view and types its input. Whoever renders the view is checked against that, and so is its template, by
 * `npm run check`: for which the view must be an exported constant.
 */
export const defineView = <Input extends object, Layout extends object = OrganizationLayout>(
  name: string,
): View<Input, Layout> => ({ name });

/** What a view's template finds in `it`, apart from the tools; for the check of the templates. */
export type InputOf<AnyView> =
  AnyView extends View<infer Input, infer Layout>
    ? Input & Layout & (Layout extends EmailLayout ? { accent: string } : object)
    : never;

const views = join(root, 'views');

/** The whole HTML page of a view inside its layout. */
export function renderPage<Input extends object, Layout extends PageLayout>(
  view: View<Input, Layout>,
  layout: NoInfer<Layout>,
  input: NoInfer<Input>,
): string {
  const tools = { ...toolsFor(layout), page: layout.page };
  const body = runTemplate(join(views, `${view.name}.ejs`), tools, { ...layout, ...input });
  const page = runTemplate(join(views, 'layouts', `${layout.layout}.ejs`), tools, { ...layout, body });
  return withFormTokens(withWholeNumbers(page));
}

/** Each form that posts carries a token of its own, by which the server knows it when it arrives again. */
const withFormTokens = (html: string): string =>
  html.replace(
    /<form\b[^>]*\bmethod="post"[^>]*>/g,
    (form) => `${form}<input type="hidden" name="form_token" value="${randomUUID()}">`,
  );

/** Both parts of an email; the HTML carries its styles inline, ready to send. */
export function renderEmail<Input extends object>(
  view: View<Input, EmailLayout>,
  layout: EmailLayout,
  input: NoInfer<Input>,
): { html: string; text: string } {
  const accent = accentColours(layout.organization.accent).light;
  const tools = { ...toolsFor(layout), page: undefined };
  const locals = { ...layout, ...input, accent };
  const part = (kind: 'html' | 'txt') => {
    const body = runTemplate(join(views, `${view.name}.${kind}.ejs`), tools, locals);
    return runTemplate(join(views, 'emails', `layout.${kind}.ejs`), tools, { ...locals, body });
  };
  return { html: withWholeNumbers(part('html'), 'style="white-space: nowrap"'), text: tidyText(part('txt')) };
}

/** What every template finds in `it` besides its input. */
export type Tools = ReturnType<typeof toolsFor>;

const toolsFor = ({ locale, time_zone, organization_zone }: Reader) => ({
  lang: plainLocale(locale),
  locale,
  now: new Date(),
  t: translatorFor(locale),
  format: formatFor({ locale, time_zone, organization_zone }),
  asset,
  linked: linkParts,
});

/** Templates leave blank lines where something is absent: at most one in a row stays. */
function tidyText(text: string): string {
  return `${text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}
