import type { Knex } from 'knex';
import { Conflict } from '../errors.js';
import type { Document } from './documents.js';
import type { Snapshot } from './versions.js';

/** 409: the document isn't what was shown any more. `changes` says what differs; empty if what was shown was never sent (a draft). */
export class Stale extends Conflict {
  constructor(readonly changes: Change[]) {
    super('This changed since you opened it. Nothing was done yet: look at what is new, then decide.');
  }
}

/** A difference in words; amounts in minor units stay numbers, to be shown in the document's currency. */
export interface Change {
  what: string;
  before: string | number;
  after: string | number;
}

/** @throws Stale if `seen`, the content that the page had shown (its SHA-256), is no longer the document's. Saying nothing is allowed. */
export async function refuseStale(db: Knex, document: Document, seen: unknown): Promise<void> {
  if (typeof seen !== 'string' || !seen || seen === document.sha256) return;
  const { organization_id, id: document_id } = document;
  const versions = await db('versions')
    .where({ organization_id, document_id })
    .whereIn('sha256', [seen, document.sha256])
    .select('sha256', 'snapshot');
  const snapshot = (sha256: string): Snapshot | undefined => versions.find((version) => version.sha256 === sha256)?.snapshot;
  const [before, after] = [snapshot(seen), snapshot(document.sha256)];
  throw new Stale(before && after ? changesBetween(before, after) : []);
}

/** What differs between two versions, line by line (matched by their words, then by their place). */
export function changesBetween(before: Snapshot, after: Snapshot): Change[] {
  const plain = (['title', 'issued_on', 'due_on', 'terms', 'note'] as const).map((field) => ({
    what: { title: 'Title', issued_on: 'Date', due_on: 'Due', terms: 'Terms', note: 'Note' }[field],
    before: before[field] ?? '',
    after: after[field] ?? '',
  }));
  const total = { what: 'Total', before: before.total, after: after.total };
  return [...plain, ...lineChanges(before, after), total].filter((change) => change.before !== change.after);
}

function lineChanges(before: Snapshot, after: Snapshot): Change[] {
  const words = (snapshot: Snapshot) => new Map(snapshot.lines.map((line) => [line.description, line]));
  const [old, now] = [words(before), words(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((what) => {
    const [was, is] = [old.get(what), now.get(what)];
    if (!was || !is) return { what, before: was?.amount ?? '', after: is?.amount ?? '' };
    const quantity = { what: `${what}: quantity`, before: was.quantity, after: is.quantity };
    return [quantity, { what, before: was.amount, after: is.amount }];
  });
}
