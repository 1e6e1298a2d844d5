import { type Request, type Response, Router } from 'express';
import type { Database } from '../db/database.js';
import { type Actor, scoped } from '../db/scope.js';
import { act, today } from '../documents/act.js';
import { Stale } from '../documents/changes.js';
import { fromMinor } from '../documents/decimals.js';
import { type Document, findDocument, keyOf } from '../documents/documents.js';
import { permitted } from '../documents/lifecycle.js';
import { typeNamed } from '../document_types/index.js';
import { Conflict, Invalid } from '../errors.js';
import { renderPage } from '../pages/render.js';
import { METHODS } from '../payments/payments.js';
import type { Membership } from '../people/who.js';
import { frame, tongueOf } from './frame.js';
import { members } from './guard.js';

type Typed = Record<string, unknown>;

/** The page on which a partner says how much and how, before the gateway takes over. */
export function pay(db: Database): Router {
  const router = Router();
  const find = (actor: Actor, req: Request) => scoped(db.knex, actor, (db) => findDocument(db, actor, String(req.params['key'])));

  router.get(
    '/:organization/documents/:key/pay',
    members(async (req, res, actor, membership) => {
      const document = await find(actor, req);
      permitted(document, actor, 'pay', today(actor));
      show(req, res, actor, membership, document, {}, {});
    }),
  );

  router.post(
    '/:organization/documents/:key/pay',
    members(async (req, res, actor, membership) => {
      const document = await find(actor, req);
      const typed: Typed = { ...req.body };
      const amount = typed['part'] === 'part' ? typed['amount'] : fromMinor(document.open, document.currency);
      try {
        const { go } = await act(db.knex, { ...actor, locale: typed['part'] === 'part' ? actor.locale : 'en-US' }, document.id, 'pay', { ...typed, amount });
        res.redirect(303, go ?? `/${membership.slug}/documents/${keyOf(document)}`);
      } catch (error) {
        if (!(error instanceof Invalid || error instanceof Stale)) throw error;
        const errors = error instanceof Invalid ? error.fields : { form: error.message };
        show(req, res.status(error.status), actor, membership, await find(actor, req), typed, errors);
      }
    }),
  );

  return router;
}

function show(req: Request, res: Response, actor: Actor, membership: Membership, document: Document, typed: Typed, errors: Record<string, string>) {
  const { t } = tongueOf(actor);
  if (document.open <= 0) throw new Conflict('Nothing is owed any more.');
  const url = `/${membership.slug}/documents/${keyOf(document)}`;
  const { number, title, currency, total, open, due_on } = document;
  const text = (name: string) => (typeof typed[name] === 'string' ? typed[name] : undefined);
  res.send(
    renderPage('payments/pay', {
      ...frame(req, actor, membership, t('Pay {{name}}', { name: number ?? '' })),
      document: { number, title, currency, total, open, due_on: due_on ?? document.issued_on, url, type_label: t(typeNamed(document.type).label) },
      ...{ action: `${url}/pay`, seen: document.sha256, payee: membership.organization, needs_code: false, part_allowed: document.partial_payments },
      values: { part: text('part') ?? 'whole', amount: text('amount') ?? '', method: text('method') ?? 'card' },
      errors: Object.fromEntries(Object.entries(errors).map(([name, message]) => [name, t(message)])),
      methods: Object.entries(METHODS).map(([value, { label, explains }]) => ({ value, label: t(label), hint: t(explains) })),
    }),
  );
}
