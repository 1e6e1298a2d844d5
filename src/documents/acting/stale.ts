import type { Knex } from 'knex';
import type { Evidence } from '../../acting/context.js';
import type { Difference } from '../../activity/difference.js';
import { Conflict } from '../../errors.js';
import { versionDifferences } from '../content/differences.js';
import type { Document } from '../content/document.js';
import type { Snapshot } from '../content/version.js';

/** 409: the document changed since it was shown. `changes` is empty if what was shown is no version (a draft), or its
 * money has moved. */
export class Stale extends Conflict {
  constructor(readonly changes: Difference[]) {
    super('This changed since you opened it. Nothing was done yet: look at what is new, then decide.');
  }
}

/**
 * Both are optional. @throws Stale if `seen`, the SHA-256 of the content that the page showed, is no longer the
 * document's, or if something else is `open` now: a payment that is recorded twice over.
 */
export async function refuseStale(
  db: Knex,
  document: Document,
  { seen, open }: Pick<Evidence, 'seen' | 'open'>,
): Promise<void> {
  if (!seen || seen === document.sha256) {
    if (open !== undefined && open !== document.open) throw new Stale([]);
    return;
  }
  const { organization_id, id: document_id } = document;
  const versions = await db('versions')
    .where({ organization_id, document_id })
    .whereIn('sha256', [seen, document.sha256])
    .select('sha256', 'snapshot');
  const snapshot = (sha256: string): Snapshot | undefined =>
    versions.find((version) => version.sha256 === sha256)?.snapshot;
  const [before, after] = [snapshot(seen), snapshot(document.sha256)];
  throw new Stale(before && after ? versionDifferences(before, after) : []);
}
