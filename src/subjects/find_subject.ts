import type { Actor } from '../db/actor.js';
import { isId } from '../db/ids.js';
import type { Query } from '../db/scope.js';
import { LIFECYCLES } from './lifecycles.js';

/** The paths of the pages of subjects: documents, projects. */
export const SUBJECT_PATHS: readonly string[] = [...new Set(LIFECYCLES.map(({ page }) => page))];

/** The subject at /{organization}/{page}/{key}, if its reader may see it. A draft's key is its id. */
export function subjectAt({ organization_id }: Actor, page: string, key: string): Query<{ id: string }> {
  const kinds = LIFECYCLES.filter((lifecycle) => lifecycle.page === page).map(({ name }) => name);
  const column = isId(key) ? 'id' : 'number';
  return {
    name: `subject_by_${column}`,
    text: `select id from subjects where organization_id = $1 and ${column} = $2 and kind = any ($3)`,
    values: [organization_id, key, kinds],
  };
}
