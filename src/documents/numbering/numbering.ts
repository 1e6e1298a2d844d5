import type { Knex } from 'knex';
import type { Actor, Query } from '../../db/scope.js';
import { type DocumentType, typeNamed } from '../../document_types/index.js';

/** How the documents of a type are numbered: INV-0043, or with the year INV-2026-0001. */
export interface Numbering {
  type: string;
  /** One to six capital letters. */
  prefix: string;
  /** Each year begins with 1. */
  with_year: boolean;
}

/** 'INV-0043', 'INV-2026-0001'; 'INV-…' while it isn't known. `year`: of the document's date. */
export const numberOf = ({ prefix, with_year }: Omit<Numbering, 'type'>, year: string, value: number | null): string =>
  `${prefix}${with_year ? `-${year}` : ''}-${value === null ? '…' : String(value).padStart(4, '0')}`;

/** The counter of a type, which goes on when its prefix changes. */
export const counterOf = ({ prefix }: Pick<DocumentType, 'prefix'>, with_year: boolean, year: string): string =>
  with_year ? `${prefix}-${year}` : prefix;

/** How a type is numbered: as its organization has `set`, or else by its own prefix. */
export const numberingOf = ({ name, prefix }: DocumentType, set: readonly Numbering[]): Numbering =>
  set.find(({ type }) => type === name) ?? { type: name, prefix, with_year: false };

/**
 * Takes the next number of a document of a type. Gapless: a transaction that fails gives its number back, and later ones
 * wait for it. `issued_on`: its ISO date.
 */
export async function nextDocumentNumber(
  db: Knex.Transaction,
  organization_id: string,
  { type, issued_on }: { type: string; issued_on: string },
): Promise<string> {
  const { prefix } = typeNamed(type);
  const year = issued_on.slice(0, 4);
  const { rows } = await db.raw<{ rows: (Omit<Numbering, 'type'> & { value: number })[] }>(TAKE, {
    ...{ organization_id, type, prefix },
    with_year: counterOf({ prefix }, true, year),
    without: counterOf({ prefix }, false, year),
  });
  const [taken] = rows;
  if (!taken) throw new Error(`No number was given for a document of the type ${type}.`);
  return numberOf(taken, year, taken.value);
}

/** In one round trip, with the numbering that it is made by. */
const TAKE = `with numbering as (
    select coalesce(n.prefix, :prefix) as prefix, coalesce(n.with_year, false) as with_year
    from (select 1) as one left join numberings n on n.organization_id = :organization_id and n.type = :type),
  taken as (
    insert into counters (organization_id, name, value)
    select :organization_id, case when with_year then :with_year else :without end, 1 from numbering
    on conflict (organization_id, name) do update set value = counters.value + 1 returning value)
  select prefix, with_year, value from numbering, taken`;

/** What an organization has set, and how far its counters are. */
export interface Numberings {
  numberings: Numbering[];
  counters: { name: string; value: number }[];
}

/** Read as staff: others see neither. */
export const numberingsOf = ({ organization_id }: Pick<Actor, 'organization_id'>): Query<Numberings> => ({
  name: 'numberings',
  text: `select
    coalesce((select json_agg(n) from (select type, prefix, with_year from numberings
      where organization_id = $1 limit 50) n), '[]') as numberings,
    coalesce((select json_agg(c) from (select name, value from counters
      where organization_id = $1 order by name limit 500) c), '[]') as counters`,
  values: [organization_id],
});
