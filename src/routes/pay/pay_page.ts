import { requirePermitted } from '../../acting/permitted.js';
import { type Actor, read, withActor } from '../../db/scope.js';
import { type Document, findDocument } from '../../documents/content/document.js';
import { isId } from '../../db/ids.js';
import { NotFound } from '../../errors.js';
import { today } from '../../pages/days.js';
import { storedMethods } from '../../payments/methods/stored_methods.js';
import { isOffered } from '../../subjects/may.js';
import { actionNamed } from '../../subjects/lifecycles.js';
import { type Fields, many, one } from '../forms/field_values.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { methodChoices } from './method_choice.js';
import { type Offer, planOf, readChoice } from './pay_choice.js';
import {
  MOST_SHOWN,
  type PayableDocument,
  payableDocuments,
  payee,
  type UsableCredit,
  usableCredits,
} from './payable_queries.js';
import type { PayPage } from './pay_view.js';

/** What is asked for: in which currency, opened from which document, and what is chosen. */
export interface Asked {
  key: string | null;
  fields: Fields;
  errors?: PayPage['errors'];
}

/** @throws NotFound for staff; NotAllowed for whom nothing of it is theirs to pay; Conflict if it can't be paid now */
export async function payPage(ctx: RequestContext, { key, fields, errors = {} }: Asked): Promise<PayPage> {
  const { db, actor } = ctx;
  const opened = key ? await withActor(db.knex, actor, (db) => findDocument(db, actor, key)) : null;
  if (opened) requirePermitted(opened, actor, 'pay', today(actor));
  if (actor.side !== 'partner') throw new NotFound();
  const queries = [
    payableDocuments(actor, { numbers: key ? [key] : [], ids: chosenIds(fields) }),
    usableCredits(actor),
    payee(actor),
    storedBy(actor),
  ] as const;
  const [found, credits, [to], stored] = await read(db.pool, actor, ...queries);
  if (!to) throw new NotFound();
  const documents = found.filter((document) => isPayable(document, ctx));
  if (found.length && !documents.length) refuse(found, ctx);
  const offer = offerIn(opened?.currency ?? one(fields, 'currency'), documents, credits);
  const choice = readChoice(fields, offer, today(actor), opened?.id ?? null);
  const chosen = offer.documents.filter(({ id }) => choice.documents.has(id));
  const methods = methodChoices(chosen.length ? chosen : offer.documents, to.gateway, stored, i18nOf(actor));
  return {
    ...{ offer, choice, payee: to, methods, opened, errors },
    currencies: [...new Set(documents.map(({ currency }) => currency))],
    method: (methods.find(({ value }) => value === choice.method) ?? methods[0])?.value ?? '',
    plan: planOf(offer, choice, actor.locale),
  };
}

/** What was chosen, however many there are. */
const chosenIds = (fields: Fields) =>
  many(fields, 'pay')
    .filter(isId)
    .slice(0, MOST_SHOWN * 4);

/** What a partner stored: not for who came by a link, which may have been passed on. */
const storedBy = (actor: Actor) => storedMethods(actor, actor.assurance === 'verified' ? actor.partner_id : null);

/** What may be paid in this currency, or else in that of what is most urgent. */
function offerIn(wanted: string, documents: PayableDocument[], credits: UsableCredit[]): Offer {
  const known = documents.some(({ currency }) => currency === wanted);
  const currency = known ? wanted : (documents[0]?.currency ?? wanted);
  return {
    currency,
    documents: documents.filter((document) => document.currency === currency),
    credits: credits.filter((credit) => credit.currency === currency),
  };
}

/** Whether its reader may pay it now; without a gateway, by bank. */
function isPayable(document: Document, { actor }: RequestContext): boolean {
  const action = actionNamed(document.type, 'pay');
  const subject = { ...document, online: true };
  return Boolean(action && isOffered(actor, { name: 'pay', action, subject, today: today(actor) }));
}

/** Says why none of them can be paid, unless all of them are being paid. */
function refuse(found: readonly Document[], { actor }: RequestContext): void {
  const [unpaid] = found.filter(({ paying }) => !paying);
  if (unpaid) requirePermitted({ ...unpaid, online: true }, actor, 'pay', today(actor));
}
