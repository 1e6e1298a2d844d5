import type { Knex } from 'knex';
import { Conflict } from '../../errors.js';
import type { Line } from '../content/content.js';
import type { Document } from '../content/document.js';
import type { Snapshot } from '../content/version.js';

/**
 * 409: the document isn't what was shown any more. `changes` says what differs; empty if what was shown was never
 * sent (a draft).
 */
export class Stale extends Conflict {
  constructor(readonly changes: VersionDifference[]) {
    super('This changed since you opened it. Nothing was done yet: look at what is new, then decide.');
  }
}

/** A difference in words; amounts in minor units stay numbers, to be shown in the document's currency. */
export interface VersionDifference {
  what: string;
  before: string | number;
  after: string | number;
}

/**
 * @throws Stale if `seen`, the content that the page had shown (its SHA-256), is no longer the document's. Saying
 * nothing is allowed.
 */
export async function refuseStale(db: Knex, document: Document, seen: unknown): Promise<void> {
  if (typeof seen !== 'string' || !seen || seen === document.sha256) return;
  const { organization_id, id: document_id } = document;
  const versions = await db('versions')
    .where({ organization_id, document_id })
    .whereIn('sha256', [seen, document.sha256])
    .select('sha256', 'snapshot');
  const snapshot = (sha256: string): Snapshot | undefined =>
    versions.find((version) => version.sha256 === sha256)?.snapshot;
  const [before, after] = [snapshot(seen), snapshot(document.sha256)];
  throw new Stale(before && after ? changesBetween(before, after) : []);
}

const FIELDS = {
  title: 'Title',
  issued_on: 'Date',
  due_on: 'Due',
  delivery_on: 'Delivery',
  reference: 'Reference',
  terms: 'Terms',
  note: 'Note',
} as const;

/** What differs between two versions: its words, line by line (a line keeps its id), and the total. */
export function changesBetween(before: Snapshot, after: Snapshot): VersionDifference[] {
  const plain = (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).map((field) => ({
    what: FIELDS[field],
    before: before[field] ?? '',
    after: after[field] ?? '',
  }));
  const total = { what: 'Total', before: before.total, after: after.total };
  return [...plain, ...lineChanges(before, after), total].filter((change) => change.before !== change.after);
}

/** Versions from before lines had ids know them by their words. */
const keyOf = ({ id, description }: Line) => id ?? description;

function lineChanges(before: Snapshot, after: Snapshot): VersionDifference[] {
  const byKey = ({ lines }: Snapshot) => new Map(lines.map((line) => [keyOf(line), line]));
  const [old, now] = [byKey(before), byKey(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    if (was && is) return changesOf(was, is);
    return { what: (is ?? was)?.description ?? '', before: was?.amount ?? '', after: is?.amount ?? '' };
  });
}

function changesOf(was: Line, is: Line): VersionDifference[] {
  const what = is.description;
  const answer = ({ choice, picked, refused }: Line) =>
    refused ? 'not offered' : choice && !picked ? 'not chosen' : choice ? 'chosen' : '';
  return [
    { what: `${what}: words`, before: was.description, after: is.description },
    { what: `${what}: quantity`, before: was.quantity, after: is.quantity },
    { what: `${what}: price`, before: was.unit_price, after: is.unit_price },
    { what: `${what}: delivery`, before: was.delivery_on ?? '', after: is.delivery_on ?? '' },
    { what: `${what}: choice`, before: answer(was), after: answer(is) },
    { what, before: was.amount, after: is.amount },
  ];
}
