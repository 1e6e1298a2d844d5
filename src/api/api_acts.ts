import type { RequestHandler } from 'express';
import { act, type ActResult } from '../act.js';
import type { Evidence, Input } from '../acting/context.js';
import { requirePermitted } from '../acting/permitted.js';
import { isSigned, typeNamed } from '../document_types/index.js';
import { Invalid, NotAllowed, NotFound } from '../errors.js';
import type { Storage } from '../files/storage.js';
import { today } from '../pages/days.js';
import { type Checkout, openCheckout } from '../payments/gateways/checkout.js';
import type { RequestContext } from '../routes/shared/request_context.js';
import { storedFiles } from '../routes/shared/uploads.js';
import type { SubjectFacts } from '../subjects/may.js';
import { requireScope } from './requests/api_guard.js';
import { apiActions, type ApiKind, kindIn, pathOfKind } from './api_kinds.js';
import { formOf, idempotent } from './requests/idempotency.js';
import { asPrecondition, etagOf, seenIn } from './requests/preconditions.js';

interface Services {
  storage: Storage;
  checkout: Checkout;
}

type Found = SubjectFacts & { id: string };

/** The subject of an address, if it is of that kind, and its reader and their token see it. @throws NotFound */
export async function findSubject(ctx: RequestContext, { lifecycle, pages }: ApiKind): Promise<Found> {
  requireScope(ctx, lifecycle.module, 'read');
  const subject = await pages.find(ctx);
  if (subject.type !== lifecycle.name) throw new NotFound();
  return subject;
}

/** POST /api/v1/{kind}/{key}/{action}: the act of that name, by the one door. */
export const performAct =
  ({ storage, checkout }: Services) =>
  async (ctx: RequestContext) => {
    const { res, membership } = ctx;
    const kind = kindIn(ctx);
    const result = await idempotent(ctx, () => actOnce(ctx, kind, storage)).catch((error: unknown) => {
      throw asPrecondition(ctx, error);
    });
    const { payment_id, seen, type: made, ...rest } = result;
    const redirect = payment_id ? await openCheckout(checkout, membership.organization_id, payment_id) : null;
    if (seen) res.set('ETag', etagOf(seen));
    const creates = kind.lifecycle.actions[nameIn(ctx)]?.creates;
    if (creates && rest.created_id) res.set('location', `${pathOfKind(creates)}/${rest.created_id}`);
    res.json({ ...rest, kind: made, redirect });
  };

const nameIn = ({ req }: RequestContext) => String(req.params['action']);

async function actOnce(ctx: RequestContext, kind: ApiKind, storage: Storage): Promise<ActResult> {
  const { db, actor } = ctx;
  const name = nameIn(ctx);
  requireScope(ctx, kind.lifecycle.module, 'write');
  const [, action] = apiActions(kind.lifecycle).find(([known]) => known === name) ?? [];
  if (!action) throw new NotFound();
  if (action.creates) requireScope(ctx, typeNamed(action.creates).module, 'write');
  const subject = await findSubject(ctx, kind);
  requirePermitted(subject, actor, name, today(actor));
  if (isSigned(action, subject)) throw new NotAllowed('Signing takes a person: sign on the document’s page.');
  return act(db.knex, actor, subject.id, name, await readInput(ctx, storage), readEvidence(ctx));
}

/** The body as JSON; with files, the form's field `input` is that JSON. Files are never named, only sent. */
async function readInput(ctx: RequestContext, storage: Storage): Promise<Input> {
  const files = await storedFiles(ctx, storage);
  return { ...bodyOf(ctx), files };
}

/** @throws Invalid if it is no object */
export function bodyOf({ req }: Pick<RequestContext, 'req'>): Record<string, unknown> {
  const sent: unknown = req.is('multipart/form-data') ? parsed(req.body?.['input']) : (req.body ?? {});
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent))
    throw new Invalid({ form: 'Give an object with its fields.' });
  return { ...sent };
}

function parsed(text: unknown): unknown {
  if (text === undefined) return {};
  try {
    return typeof text === 'string' ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

const readEvidence = (ctx: RequestContext): Evidence => ({
  seen: seenIn(ctx),
  form: formOf(ctx),
  browser: { remote_ip: ctx.req.ip ?? '', user_agent: (ctx.req.get('User-Agent') ?? '').slice(0, 500) },
});

/** @throws 415 for what is neither JSON nor a form with files */
export const jsonOrFiles: RequestHandler = (req, _res, next) => {
  const empty = req.get('Content-Length') === undefined || req.get('Content-Length') === '0';
  if (empty || req.is(['application/json', 'multipart/form-data'])) return next();
  next(Object.assign(new Error('unsupported media type'), { status: 415 }));
};
