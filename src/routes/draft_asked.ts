import { read } from '../db/scope.js';
import { type DraftPage, draftPage } from '../documents/draft_page.js';
import { NotFound } from '../errors.js';
import type { Storage, StoredFile } from '../files/storage.js';
import type { Visit } from './visit.js';

/** The document of the address, with its partner's contacts. @throws NotFound */
export async function findDraft({ db, req, actor }: Visit): Promise<DraftPage> {
  const [[page], contacts, projects] = await read(db.pool, actor, ...draftPage(actor, String(req.params['key'])));
  if (!page) throw new NotFound();
  return { ...page, contacts, projects };
}

/** The fields of the form. */
export const inputOf = ({ req }: Visit): Record<string, unknown> => ({ ...req.body });

/** Where a saved draft leads: on to its preview, unless it was only to be saved. */
export const savedAt = (slug: string, id: string, input: Record<string, unknown>) =>
  `/${slug}/documents/${id}${input['save'] ? '?done=saved' : '/preview'}`;

/** The files that came with the form, in storage. */
export const storedFiles = ({ req }: Visit, storage: Storage): Promise<StoredFile[]> =>
  Promise.all((Array.isArray(req.files) ? req.files : []).map((file) => storage.put(file.buffer, file.originalname, file.mimetype)));
