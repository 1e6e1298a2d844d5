import type { Knex } from 'knex';
import type { Evidence } from '../../acting/context.js';
import { binds } from '../../acting/permitted.js';
import type { Difference } from '../../activity/difference.js';
import type { SubjectAction } from '../../document_types/index.js';
import { Conflict, Invalid } from '../../errors.js';
import { versionDifferences } from '../content/differences.js';
import type { Document } from '../content/document.js';
import { half, seenOf } from '../content/seen.js';
import type { Snapshot } from '../content/version.js';

/** 409: the document changed since it was shown. `changes` is empty if what was shown is no version (a draft), or its
 * money has moved. */
export class Stale extends Conflict {
  constructor(readonly changes: Difference[]) {
    super('This changed since you opened it. Nothing was done yet: look at what is new, then decide.');
  }
}

/**
 * What binds is decided on what was seen: by any door, its author says what that was, and all of it must still be so.
 * Other acts depend on the content alone, if they say anything. @throws Invalid naming `seen` if it is missing; Stale if
 * that has changed, or something else is `open` now
 */
export async function refuseStale(
  db: Knex,
  document: Document,
  { seen, open }: Pick<Evidence, 'seen' | 'open'>,
  action: SubjectAction,
): Promise<void> {
  if (seen === '' && binds(action)) throw new Invalid({ seen: 'Open the page again before you decide.' });
  const now = seenOf(document);
  const same = !seen || seen === now || (!binds(action) && half(seen) === half(now));
  if (!same) throw new Stale(await changesSince(db, document, half(seen)));
  if (open !== undefined && open !== document.open) throw new Stale([]);
}

/** What changed since the version whose hash begins so. */
async function changesSince(db: Knex, { organization_id, id, sha256 }: Document, seen: string): Promise<Difference[]> {
  const versions: { sha256: string; snapshot: Snapshot }[] = await db('versions')
    .where({ organization_id, document_id: id })
    .whereRaw('left(sha256, ?) = any (?)', [seen.length, [seen, half(sha256)]])
    .select('sha256', 'snapshot');
  const [before, after] = [seen, half(sha256)].map((part) => versions.find((one) => half(one.sha256) === part));
  return before && after ? versionDifferences(before.snapshot, after.snapshot) : [];
}
