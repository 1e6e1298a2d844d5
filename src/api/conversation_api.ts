import { COMMENT, newestOn } from '../conversation/conversation.js';
import type { Database } from '../db/database.js';
import { type Query, read } from '../db/scope.js';
import type { Printer } from '../documents/queries/document_pdf.js';
import { NotFound } from '../errors.js';
import { documentLocale } from '../input/locale_tag.js';
import type { Storage } from '../files/storage.js';
import { sendFile, sendPdf } from '../routes/documents/files.js';
import { pathId } from '../routes/shared/params.js';
import type { RequestContext } from '../routes/shared/request_context.js';
import { findSubject } from './api_acts.js';
import { reaches } from './requests/api_guard.js';
import { API_KINDS, kindIn } from './api_kinds.js';
import { sendPage } from './requests/paging.js';
import { commentShape, fileShape } from './shapes.js';

type Row = Record<string, unknown> & { id: string };

const COMMENTS = `select ${COMMENT}
  from ${newestOn('x.organization_id = $1 and x.subject_id = $2', 'comments')}
    join people p on p.organization_id = x.organization_id and p.id = x.person_id
  order by x.id`;

const FILES = `select x.id, x.name, x.size, x.content_type, x.comment_id from files x
  where x.organization_id = $1 and x.subject_id = $2 and x.version is null and x.held_by is null
  order by x.id desc limit 100`;

/** What is listed of every kind of subject: the 200 newest comments, the 100 newest files. */
export const OF_SUBJECT = {
  comments: { shape: commentShape, text: COMMENTS },
  files: { shape: fileShape, text: FILES },
} as const;

/** GET /api/v1/{kind}/{key}/{comments, files} */
export const listOfSubject = (name: keyof typeof OF_SUBJECT) => async (ctx: RequestContext) => {
  const { shape, text } = OF_SUBJECT[name];
  const { db, actor } = ctx;
  const { id } = await findSubject(ctx, kindIn(ctx));
  const query: Query<Row> = { name: `api_${name}`, text, values: [actor.organization_id, id] };
  const [found] = await read(db.pool, actor, query);
  sendPage(ctx, shape, found, found.length);
};

/** GET /api/v1/{documents}/{key}/pdf: of the newest version, or of `version`. */
export const showPdf = (db: Database, storage: Storage, printer: Printer) => async (ctx: RequestContext) => {
  const { req, res, actor, membership } = ctx;
  const kind = kindIn(ctx);
  if (!kind.type) throw new NotFound();
  await findSubject(ctx, kind);
  const locale = documentLocale(actor.locale, membership.document_locale);
  return sendPdf(db, storage, printer, req, res, actor, locale);
};

const KIND_OF_FILE = `select s.kind from files f
  cross join lateral (select kind from subjects s where s.organization_id = f.organization_id
    and s.id = f.subject_id limit 1) s
  where f.organization_id = $1 and f.id = $2`;

/** GET /api/v1/files/{id}, of a subject that the token is for. */
export const showFile = (db: Database, storage: Storage) => async (ctx: RequestContext) => {
  const { req, res, actor } = ctx;
  const query: Query<{ kind: string }> = {
    name: 'api_kind_of_file',
    text: KIND_OF_FILE,
    values: [actor.organization_id, pathId(req, 'id')],
  };
  const [[file]] = await read(db.pool, actor, query);
  const kind = API_KINDS.find(({ lifecycle }) => lifecycle.name === file?.kind);
  if (!kind || !reaches(ctx, kind.lifecycle.module, 'read')) throw new NotFound();
  return sendFile(db, storage, req, res, actor);
};
