import type { Knex } from 'knex';
import { isSigned } from '../document_types/index.js';
import { Invalid } from '../errors.js';
import type { Document } from './documents.js';
import type { Act } from './effects.js';

/**
 * The typed signature on exactly this version, for the activity's details: the name, the version and the SHA-256 of what was seen.
 * Nothing if the action is not signed. @throws Invalid if a name is missing, or if it isn't said which content is signed.
 */
export async function keepSigned(
  _db: Knex.Transaction,
  { action, document: before, input }: Act,
  document: Document,
): Promise<{ signature?: object }> {
  if (!isSigned(action, before)) return {};
  const name = typeof input['signature'] === 'string' ? input['signature'].trim() : '';
  if (!name || name.length > 200) throw new Invalid({ signature: 'Type your full name to sign.' });
  if (input['seen'] !== before.sha256) throw new Invalid({ signature: 'Open the document again before you sign it.' });
  return { signature: { name, version: document.version, sha256: document.sha256 } };
}
