import type { Knex } from 'knex';
import { Conflict } from '../../errors.js';
import type { Line } from '../content/content.js';
import type { Document } from '../content/document.js';
import type { Snapshot } from '../content/version.js';

/** 409: the document changed since it was shown. `changes` is empty if what was shown is no version (a draft). */
export class Stale extends Conflict {
  constructor(readonly changes: VersionDifference[]) {
    super('This changed since you opened it. Nothing was done yet: look at what is new, then decide.');
  }
}

/** A difference in text; numbers are amounts in minor units, to be formatted in the document's currency. */
export interface VersionDifference {
  what: string;
  before: string | number;
  after: string | number;
}

/** @throws Stale if `seen`, the SHA-256 of the content that the page showed, is no longer the document's. Optional. */
export async function refuseStale(db: Knex, document: Document, seen: string | undefined): Promise<void> {
  if (!seen || seen === document.sha256) return;
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

/** What differs between two versions: fields, lines (matched by id) and total. */
export function changesBetween(before: Snapshot, after: Snapshot): VersionDifference[] {
  const fields = (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).map((field) => ({
    what: FIELDS[field],
    before: before[field] ?? '',
    after: after[field] ?? '',
  }));
  const total = { what: 'Total', before: before.total, after: after.total };
  return [...fields, ...lineChanges(before, after), total].filter((change) => change.before !== change.after);
}

/** Old versions have lines without ids, which are matched by description. */
const lineKey = ({ id, description }: Line) => id ?? description;

function lineChanges(before: Snapshot, after: Snapshot): VersionDifference[] {
  const byKey = ({ lines }: Snapshot) => new Map(lines.map((line) => [lineKey(line), line]));
  const [old_lines, new_lines] = [byKey(before), byKey(after)];
  return [...new Set([...old_lines.keys(), ...new_lines.keys()])].flatMap((key) => {
    const [was, is] = [old_lines.get(key), new_lines.get(key)];
    if (was && is) return fieldChanges(was, is);
    return { what: (is ?? was)?.description ?? '', before: was?.amount ?? '', after: is?.amount ?? '' };
  });
}

function fieldChanges(was: Line, is: Line): VersionDifference[] {
  const what = is.description;
  const choiceLabel = ({ choice, picked, refused }: Line) =>
    refused ? 'not offered' : choice && !picked ? 'not chosen' : choice ? 'chosen' : '';
  return [
    { what: `${what}: words`, before: was.description, after: is.description },
    { what: `${what}: quantity`, before: was.quantity, after: is.quantity },
    { what: `${what}: price`, before: was.unit_price, after: is.unit_price },
    { what: `${what}: delivery`, before: was.delivery_on ?? '', after: is.delivery_on ?? '' },
    { what: `${what}: choice`, before: choiceLabel(was), after: choiceLabel(is) },
    { what, before: was.amount, after: is.amount },
  ];
}
