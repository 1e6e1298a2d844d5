import { ADDRESS, NAME } from '../tables/personal_table.js';
import type { Identifiers } from './replacer.js';

/** An erasure under way. */
export interface Erasure extends Identifiers {
  organization_id: string;
  id: string;
  activity_id: string;
  step: string;
  after_key: string[];
  counts: Record<string, number>;
}

/** What a batch did. `next`: the key of the last row it looked at; null: the step is done. */
export interface BatchResult {
  changed: number;
  next: string[] | null;
}

/** The values of blanked columns, with what takes the place of the person's name and address. */
export const valuesFor = (
  values: Readonly<Record<string, string | null>>,
  { replacement_name, replacement_address }: Pick<Identifiers, 'replacement_name' | 'replacement_address'>,
): Record<string, string | null> =>
  Object.fromEntries(
    Object.entries(values).map(([column, value]) => [
      column,
      value === NAME ? replacement_name : value === ADDRESS ? replacement_address : value,
    ]),
  );
