import { Router } from 'express';
import { subjectTitle } from '../../activity/sentence.js';
import { paymentFacts } from '../../activity/payment_facts.js';
import type { Database } from '../../db/database.js';
import { typeNamed } from '../../document_types/index.js';
import { keyOf } from '../../documents/content/document.js';
import { contentOf, type DocumentPage, type PaymentRow } from '../../documents/queries/page.js';
import { type I18n, sheet } from '../../documents/queries/sheet.js';
import { NotFound } from '../../errors.js';
import type { Link, Sheet } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { members } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';
import { findPage } from './documents.js';

/** The receipt of a payment, to print, for both sides. */
interface ReceiptInput {
  title: string;
  back: Link;
  /** Who was paid, and who paid. */
  payee: Party;
  payer: Party;
  amount: string;
  /** Why it was reversed, if it was; '' for no reason. */
  reversed: string | null;
  facts: { label: string; value: string }[];
}

type Party = NonNullable<Sheet['to']>;

export const receiptView = defineView<ReceiptInput>('documents/receipt');

/** The receipts of a document's payments. */
export function receipts(db: Database): Router {
  const router = Router();
  router.get('/:organization/documents/:key/payments/:payment', withContext(db)(members, show));
  return router;
}

async function show(ctx: RequestContext) {
  const page = await findPage(ctx);
  const payment = page.payments.find(({ id }) => id === ctx.req.params['payment']);
  if (!payment?.paid_on) throw new NotFound();
  const input = receipt(page, payment, `/${ctx.membership.slug}/documents/${keyOf(page)}`, i18nOf(ctx.actor));
  ctx.res.send(contextPage(ctx, receiptView, input.title, input));
}

function receipt(page: DocumentPage, payment: PaymentRow, url: string, i18n: I18n): ReceiptInput {
  const { t, format } = i18n;
  const { type, number, currency } = page;
  const { from, to, reference, reference_label } = sheet(contentOf(page), i18n);
  if (!to) throw new NotFound();
  const payable = typeNamed(type).owes === 'payable';
  const document = subjectTitle(t, type, number);
  return {
    title: t('Receipt'),
    back: { href: url, label: `← ${document}` },
    payee: payable ? to : from,
    payer: payable ? from : to,
    amount: format.money(payment.amount, currency),
    reversed: payment.state === 'reversed' ? payment.failure : null,
    facts: [
      { label: t('For'), value: document },
      ...(reference ? [{ label: reference_label, value: reference }] : []),
      ...paymentFacts({ ...payment, credit: creditOf(page, payment) }, currency, i18n),
    ],
  };
}

/** What of a payment was kept as credit, as its activity says. */
const creditOf = ({ activities }: DocumentPage, { id }: PaymentRow): unknown =>
  activities.find(({ details }) => details['payment'] === id && 'credit' in details)?.details['credit'];
