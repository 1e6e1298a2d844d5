import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { withActor } from '../../db/scope.js';
import { typeNamed } from '../../document_types/index.js';
import { today } from '../../pages/days.js';
import { actionsFor, requirePermitted } from '../../acting/permitted.js';
import { type Document, findDocument, keyOf } from '../../documents/content/document.js';
import { paymentInstructions } from '../../documents/queries/payment_instructions.js';
import { seenOf } from '../../documents/content/seen.js';
import { Conflict } from '../../errors.js';
import type { Translate } from '../../pages/i18n.js';
import type { Choice, PaymentInstructions } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { currentAccounts, type PaymentAccount } from '../../people/getting_paid/payment_accounts.js';
import { METHODS } from '../../input/payment_methods.js';
import type { Errors, ActionPage } from '../shared/form.js';
import { members } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { showDocument } from './documents.js';

/** It posts seen, part, amount and method. */
interface PayInput {
  document: PayableDocument;
  action: string;
  seen: string;
  /** As typed. */
  values: { part: string; amount: string; method: string };
  errors: Errors;
  part_allowed: boolean;
  methods: Choice[];
  /** The organization's name. */
  payee: string;
  /** How to pay without the gateway. */
  payment: PaymentInstructions | null;
}

interface PayableDocument extends Pick<Document, 'number' | 'title' | 'currency' | 'total' | 'open' | 'due_on'> {
  type_label: string;
  url: string;
}

export const payView = defineView<PayInput>('documents/pay');

/** The page on which a partner chooses amount and method, before the gateway takes over. */
export function pay(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get('/:organization/documents/:key/pay', handle(members, choose));
  return router;
}

interface Found {
  document: Document;
  to: { accounts: PaymentAccount[]; payment_note: string };
}

const find = ({ db, actor, req }: RequestContext): Promise<Found> =>
  withActor(db.knex, actor, async (db) => {
    const document = await findDocument(db, actor, String(req.params['key']));
    const { organization_id, currency } = document;
    const [accounts, organization] = await Promise.all([
      currentAccounts(db, organization_id, currency),
      db('organizations').where({ id: organization_id }).first('payment_note'),
    ]);
    return { document, to: { accounts, payment_note: organization.payment_note } };
  });

async function choose(ctx: RequestContext) {
  const found = await find(ctx);
  requirePermitted(found.document, ctx.actor, 'pay', today(ctx.actor));
  show(ctx, found, {}, {});
}

/** Shown again with what was typed; if it has changed or can't be paid any more, the document's page says so. */
export const payPage: ActionPage = {
  async show(ctx, form) {
    const found = await find(ctx);
    const payable = 'pay' in actionsFor(found.document, ctx.actor, today(ctx.actor));
    if (form.changes || !payable) return showDocument(ctx, form);
    return show(ctx, found, form.input, form.errors);
  },
};

function show(ctx: RequestContext, { document, to }: Found, input: Record<string, unknown>, errors: Errors) {
  const { membership, res } = ctx;
  const t = translatorOf(ctx);
  if (document.open <= 0) throw new Conflict('Nothing is owed any more.');
  const url = `/${membership.slug}/documents/${keyOf(document)}`;
  const { type, number, title, currency, total, open, due_on } = document;
  const typed = (name: string, initial: string) => (typeof input[name] === 'string' ? input[name] : initial);
  res.send(
    contextPage(ctx, payView, t('Pay {{name}}', { name: number ?? '' }), {
      document: { number, title, currency, total, open, due_on, url, type_label: t(typeNamed(type).label) },
      action: `${url}/pay`,
      seen: seenOf(document),
      payee: membership.organization,
      payment: paymentInstructions({ type, number, amount: open, ...to }, t),
      part_allowed: document.partial_payments,
      methods: methodChoices(t),
      values: { part: typed('part', 'whole'), amount: typed('amount', ''), method: typed('method', 'card') },
      errors,
    }),
  );
}

const methodChoices = (t: Translate): Choice[] =>
  Object.entries(METHODS).map(([value, { label, explains }]) => ({ value, label: t(label), hint: t(explains) }));
