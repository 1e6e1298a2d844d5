import express, { Router } from 'express';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import { NotFound } from '../errors.js';
import { isStartable } from '../document_types/relations.js';
import type { Printer } from '../documents/queries/document_pdf.js';
import type { Storage } from '../files/storage.js';
import type { Checkout } from '../payments/gateways/checkout.js';
import type { Authenticator } from '../people/strategies/credential_strategy.js';
import { identityOf } from '../routes/shared/guard.js';
import { type RequestContext, withContext } from '../routes/shared/request_context.js';
import { uploads } from '../routes/shared/uploads.js';
import { jsonOrFiles, performAct } from './api_acts.js';
import { listOfSubject, showFile, showPdf } from './conversation_api.js';
import { byToken, identifyToken } from './requests/api_guard.js';
import { kindIn } from './api_kinds.js';
import { limitedGuesses, limitedRequests } from './requests/api_limits.js';
import { createByApi, listDocuments, showDocument } from './documents_api.js';
import { createContact, createPartner, listContacts, listPartners, showPartner } from './partners_api.js';
import { openApi } from './description/openapi.js';
import { listPayments } from './payments_api.js';
import { createProject, listInProject, listWork, showWork } from './work_api.js';
import { meShape } from './shapes.js';

interface Parts {
  db: Database;
  config: Config;
  storage: Storage;
  checkout: Checkout;
  passport: Authenticator;
  printer: Printer;
}

/** What it can be sent, besides files. */
const BODY = [jsonOrFiles, express.json({ limit: '1mb' })];

/** The API: what the pages do, for programs, by the same door. One address a line. */
export function api({ db, config, storage, checkout, passport, printer }: Parts): Router {
  const router = Router();
  const handle = withContext(db);
  const v1 = '/api/v1';
  router.use('/api', (_req, res, next) => {
    res.set({ 'Cache-Control': 'private, no-store', 'X-Robots-Tag': 'noindex' });
    next();
  });
  router.get(`${v1}/openapi.json`, (_req, res) => {
    res.set('Cache-Control', 'public, max-age=300').type('application/json').send(openApi());
  });
  router.use(v1, limitedGuesses(), identifyToken(passport), limitedRequests(), ...BODY);
  router.get(`${v1}/me`, handle(byToken, showMe));
  router.get(`${v1}/payments`, handle(byToken, listPayments));
  router.get(`${v1}/files/:id`, handle(byToken, showFile(db, storage)));
  router.get(`${v1}/partners`, handle(byToken, listPartners));
  router.post(`${v1}/partners`, handle(byToken, createPartner));
  router.get(`${v1}/partners/:partner`, handle(byToken, showPartner));
  router.get(`${v1}/partners/:partner/contacts`, handle(byToken, listContacts));
  router.post(`${v1}/partners/:partner/contacts`, handle(byToken, createContact));
  router.get(`${v1}/projects/:key/tasks`, handle(byToken, listInProject('tasks')));
  router.get(`${v1}/projects/:key/events`, handle(byToken, listInProject('events')));
  router.get(`${v1}/projects/:key/time`, handle(byToken, listInProject('time')));
  router.get(`${v1}/:kind`, handle(byToken, listKind));
  router.post(`${v1}/:kind`, handle(byToken, createKind));
  router.get(`${v1}/:kind/:key`, handle(byToken, showKind));
  router.get(`${v1}/:kind/:key/comments`, handle(byToken, listOfSubject('comments')));
  router.get(`${v1}/:kind/:key/files`, handle(byToken, listOfSubject('files')));
  router.get(`${v1}/:kind/:key/pdf`, handle(byToken, showPdf(db, storage, printer)));
  router.post(`${v1}/:kind/:key/:action`, uploads(config, storage), handle(byToken, performAct({ storage, checkout })));
  router.use('/api', () => {
    throw new NotFound();
  });
  return router;
}

/** GET /api/v1/me: whose token this is, and what it is for. */
function showMe({ req, res, actor, membership }: RequestContext) {
  const { organization_id, slug, organization, organization_currency, person_id, name, email, role } = membership;
  res.json(
    meShape.parse({
      organization: { id: organization_id, slug, name: organization, currency: organization_currency },
      person: { id: person_id, name, email, role, side: actor.side },
      partner_id: actor.partner_id,
      scopes: identityOf(req).token?.scopes ?? [],
    }),
  );
}

function listKind(ctx: RequestContext) {
  const kind = kindIn(ctx);
  return kind.type ? listDocuments(ctx, kind, kind.type) : listWork(ctx, kind);
}

function createKind(ctx: RequestContext) {
  const kind = kindIn(ctx);
  if (kind.type && isStartable(kind.type)) return createByApi(ctx, kind, kind.type);
  if (kind.path === 'projects') return createProject(ctx);
  throw new NotFound();
}

function showKind(ctx: RequestContext) {
  const kind = kindIn(ctx);
  return kind.type ? showDocument(ctx, kind) : showWork(ctx, kind);
}
