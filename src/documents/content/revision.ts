import type { Knex } from 'knex';
import type { Difference } from '../../activity/difference.js';
import type { Document } from './document.js';
import { versionDifferences } from './differences.js';

/** More are on the page of the version. */
const MAX_CHANGES = 60;

/** What the newest version of a document changed; [] for the first. */
export async function newestChanges(
  db: Knex.Transaction,
  { organization_id, id }: Pick<Document, 'organization_id' | 'id'>,
): Promise<Difference[]> {
  const [after, before] = await db('versions')
    .where({ organization_id, document_id: id })
    .orderBy('version', 'desc')
    .limit(2)
    .select('snapshot');
  return before ? versionDifferences(before.snapshot, after.snapshot).slice(0, MAX_CHANGES) : [];
}
