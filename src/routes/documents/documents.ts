import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { withChosenOptions } from '../../documents/content/chosen_lines.js';
import { withTotals } from '../../documents/content/content.js';
import { type DocumentPage, documentPage } from '../../documents/queries/page.js';
import { NotFound } from '../../errors.js';
import type { Translate } from '../../pages/i18n.js';
import type { PreferredRate } from '../../people/preferences/exchange_rates.js';
import { readWithRates } from '../../people/preferences/preferred_amount.js';
import type { Fields } from '../forms/field_values.js';
import { chosenLineIds } from '../forms/read_answers.js';
import type { ActionPage, FormState } from '../shared/form.js';
import { members } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';
import { type DocumentShow, documentShow, documentView } from './document_view.js';

const ONE = '/:organization/documents/:key';

/** A document's page. */
export function documents(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(
    ONE,
    handle(members, (ctx) => showDocument(ctx)),
  );
  return router;
}

/** The document's page. `form`: a submitted form to show again as it was typed; after a 409 with what has changed. */
export async function showDocument(ctx: RequestContext, form: FormState | null = null) {
  const { req, res, actor, membership } = ctx;
  // What a form ticked stays ticked, also when it comes back.
  const [found, rates] = await findWithRates(ctx);
  const page = withChoices(found, form?.input['choices'] === undefined ? req.query : form.input);
  const opened = typeof req.query['open'] === 'string' ? req.query['open'] : null;
  const input = documentView({ page, rates, actor, slug: membership.slug, i18n: i18nOf(actor), form, opened });
  const title = [input.document.type_label, page.number].filter(Boolean).join(' ');
  res.send(
    contextPage(ctx, documentShow, title, input, {
      notice: form ? noticeOf(form, input, i18nOf(actor).t) : undefined,
      toast: commentToast(ctx, input),
    }),
  );
}

/** The document's page as the form page of the actions whose forms it has. */
export const documentFormPage: ActionPage = { show: showDocument };

/** Why a form could not be done, as far as it doesn't say so itself; and where its text is, if it has gone. */
function noticeOf(form: FormState, shown: DocumentShow, t: Translate): string | undefined {
  const error = unplacedError(form, shown);
  const kept = form.action !== 'comment' && shown.composer?.value ? t('What you wrote is in the message below.') : null;
  return error && [error, kept].filter(Boolean).join(' ');
}

/** The message that neither a field of the form nor the composer can show: it goes to the top of the page. */
function unplacedError({ action, errors, changes }: FormState, { actions, composer }: DocumentShow) {
  if (changes || (action === 'comment' && composer)) return undefined;
  const form = actions.find(({ name, open, unfolds }) => name === action && open && unfolds);
  const shown = new Set([...(form?.fields ?? []).map(({ name }) => name), ...(form?.signature ? SIGNED : [])]);
  return Object.entries(errors).find(([name]) => !shown.has(name))?.[1];
}

const SIGNED = ['signature', 'agree'];

/**
 * With the options that the address or a form ticks, so that browsers without scripts can see the total. Nothing is
 * stored.
 */
function withChoices(page: DocumentPage, fields: Fields): DocumentPage {
  if (!page.snapshot || typeof fields['choices'] !== 'string') return page;
  const picked = chosenLineIds(fields);
  const { lines, ...content } = page.snapshot;
  return {
    ...page,
    snapshot: { ...page.snapshot, ...withTotals({ ...content, lines: withChosenOptions(lines, picked) }) },
  };
}

/** The document of the address, as its reader may see it. @throws NotFound */
export async function findPage(ctx: RequestContext): Promise<DocumentPage> {
  const [page] = await findWithRates(ctx);
  return page;
}

/** With the rates to the currency that its reader prefers. */
async function findWithRates({ db, req, actor, membership }: RequestContext): Promise<[DocumentPage, PreferredRate[]]> {
  const query = documentPage(actor, String(req.params['key']));
  const [[[page]], rates] = await readWithRates(db.pool, actor, membership.currency, query);
  if (!page) throw new NotFound();
  return [page, rates];
}

/** After a message: who gets it by email. */
function commentToast({ req, actor }: RequestContext, { composer }: DocumentShow): string | undefined {
  const { t } = i18nOf(actor);
  if (req.query['done'] === 'said' && composer) return `${t('Sent.')} ${composer.readers}`;
  if (req.query['done'] === 'noted' && composer) return `${t('Noted.')} ${composer.internal_readers}`;
  return undefined;
}
