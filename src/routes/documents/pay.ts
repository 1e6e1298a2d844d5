import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { withActor } from '../../db/scope.js';
import { act, today } from '../../documents/act.js';
import { Stale } from '../../documents/acting/stale.js';
import { fromMinor } from '../../documents/content/decimals.js';
import { type Document, findDocument, keyOf } from '../../documents/content/document.js';
import { requirePermitted } from '../../documents/acting/lifecycle.js';
import { typeNamed } from '../../document_types/index.js';
import { Conflict, Invalid } from '../../errors.js';
import { METHODS } from '../../payments/payments.js';
import { showDocument } from './documents.js';
import { members } from '../shared/guard.js';
import { contextPage, type RequestContext, withContext, translatorOf } from '../shared/request_context.js';

type Typed = Record<string, unknown>;

/** The page on which a partner says how much and how, before the gateway takes over. */
export function pay(db: Database): Router {
  const router = Router();
  const ctx = withContext(db);
  router.get('/:organization/documents/:key/pay', ctx(members, choose));
  router.post('/:organization/documents/:key/pay', ctx(members, begin));
  return router;
}

const find = ({ db, actor, req }: RequestContext) =>
  withActor(db.knex, actor, (db) => findDocument(db, actor, String(req.params['key'])));

async function choose(ctx: RequestContext) {
  const document = await find(ctx);
  requirePermitted(document, ctx.actor, 'pay', today(ctx.actor));
  show(ctx, document, {}, {});
}

async function begin(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const document = await find(ctx);
  const typed: Typed = { ...req.body };
  const part = typed['part'] === 'part';
  // All of it is what the server says is open, in its own notation; a part is as the payer writes it.
  const amount = part ? typed['amount'] : fromMinor(document.open, document.currency);
  const payer = part ? actor : { ...actor, locale: 'en-US' };
  try {
    const { redirect } = await act(db.knex, payer, document.id, 'pay', { ...typed, amount });
    res.redirect(303, redirect ?? `/${membership.slug}/documents/${keyOf(document)}`);
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Stale)) throw error;
    res.status(error.status);
    if (error instanceof Stale)
      await showDocument(ctx, { action: 'pay', input: typed, errors: {}, changes: error.changes });
    else show(ctx, await find(ctx), typed, error.fields);
  }
}

function show(ctx: RequestContext, document: Document, typed: Typed, errors: Record<string, string>) {
  const { membership, res } = ctx;
  const t = translatorOf(ctx);
  if (document.open <= 0) throw new Conflict('Nothing is owed any more.');
  const url = `/${membership.slug}/documents/${keyOf(document)}`;
  const { number, title, currency, total, open, due_on } = document;
  const text = (name: string, otherwise: string) => (typeof typed[name] === 'string' ? typed[name] : otherwise);
  res.send(
    contextPage(ctx, 'documents/pay', t('Pay {{name}}', { name: number ?? '' }), {
      document: { number, title, currency, total, open, due_on, url, type_label: t(typeNamed(document.type).label) },
      action: `${url}/pay`,
      seen: document.sha256,
      payee: membership.organization,
      needs_code: false,
      part_allowed: document.partial_payments,
      methods: methods(t),
      values: { part: text('part', 'whole'), amount: text('amount', ''), method: text('method', 'card') },
      errors: Object.fromEntries(Object.entries(errors).map(([name, message]) => [name, t(message)])),
    }),
  );
}

const methods = (t: (sentence: string) => string) =>
  Object.entries(METHODS).map(([value, { label, explains }]) => ({ value, label: t(label), hint: t(explains) }));
