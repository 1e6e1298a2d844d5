import type { Actor, Query } from '../../db/scope.js';
import { isId } from '../../db/ids.js';
import type { Snapshot } from '../../documents/content/version.js';

/** One version of a document as it was sent, with the one before it. */
export interface VersionPage {
  id: string;
  type: string;
  number: string;
  version: number;
  /** The newest there is. */
  newest: number;
  sha256: string;
  created_at: Date;
  snapshot: Snapshot;
  before: Snapshot | null;
}

/** A version by its document (number or id) and its own number. */
export function versionPage({ organization_id }: Actor, key: string, version: number): Query<VersionPage> {
  const column = isId(key) ? 'id' : 'number';
  return {
    name: `version_by_${column}`,
    text: `select d.id, d.type, d.number, d.version as newest, v.version, v.sha256, v.created_at, v.snapshot, b.snapshot as before
      from documents d join versions v on v.organization_id = d.organization_id and v.document_id = d.id
      left join versions b on b.organization_id = d.organization_id and b.document_id = d.id and b.version = v.version - 1
      where d.organization_id = $1 and d.${column} = $2 and v.version = $3`,
    values: [organization_id, key, version],
  };
}
