import { read } from '../../db/scope.js';
import { type DraftPage, draftPage } from './draft_queries.js';
import type { DocumentType } from '../../document_types/index.js';
import { Invalid, NotFound } from '../../errors.js';
import { isMisnamed } from '../../files/file.js';
import { safeName, type Storage, type StoredFile } from '../../files/storage.js';
import type { RequestContext } from '../shared/request_context.js';

/** The document of the address, with its partner's contacts. @throws NotFound */
export const findDraft = (ctx: RequestContext): Promise<DraftPage> => findDraftById(ctx, String(ctx.req.params['key']));

/** The same by its number or id. @throws NotFound */
export async function findDraftById({ db, actor }: RequestContext, key: string): Promise<DraftPage> {
  const [[page], contacts, projects] = await read(db.pool, actor, ...draftPage(actor, key));
  if (!page) throw new NotFound();
  return { ...page, contacts, projects };
}

/** The fields of the form. */
export const formInput = ({ req }: RequestContext): Record<string, unknown> => ({ ...req.body });

/** Where a saved draft leads: on to its preview, unless it was only to be saved. */
export const savedTime = (slug: string, type: DocumentType, id: string, input: Record<string, unknown>) => {
  // What a vendor sends is looked at on its own page before it is confirmed.
  const next = input['save'] ? '?done=saved' : type.startedBy === 'staff' ? '/preview' : '';
  return `/${slug}/documents/${id}${next}`;
};

/** The files that came with the form, in storage. @throws Invalid if one is empty, or not what its name says. */
export async function storedFiles({ req }: RequestContext, storage: Storage): Promise<StoredFile[]> {
  const came = Array.isArray(req.files) ? req.files : [];
  for (const { originalname, size } of came)
    if (size === 0) throw new Invalid({ files: `“${safeName(originalname)}” is empty.` });
  const files = await Promise.all(came.map((file) => storage.put(file.buffer, file.originalname, file.mimetype)));
  for (const file of files)
    if (isMisnamed(file)) throw new Invalid({ files: `“${file.name}” is not what its name says.` });
  return files;
}
