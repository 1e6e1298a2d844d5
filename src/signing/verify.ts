import type pg from 'pg';
import { pipeline } from '../db/scope.js';

/** Who signed which version of what, for whom and when. */
interface FoundSignature {
  organization: string;
  type: string;
  number: string;
  title: string;
  version: number;
  content_sha256: string;
  name: string;
  email: string;
  signed_at: Date;
}

const BY_PDF = `select o.name as organization,
    s.type, s.number, s.title, s.version, s.content_sha256, s.name, s.email, s.signed_at
  from signatures s join organizations o on o.id = s.organization_id
  where s.pdf_sha256 = $1 order by s.id limit 20`;

/** The signatures in the signed PDF of ours with this SHA-256 (hex): the hash is the secret that opens their rows. */
export async function signaturesIn(pool: pg.Pool, sha256: string): Promise<FoundSignature[]> {
  const [, rows = []] = await pipeline(pool, [
    { name: 'secrets', text: `select set_config('app.secrets', $1, true)`, values: [`{${sha256}}`] },
    { name: 'check', text: BY_PDF, values: [sha256] },
  ]);
  return rows as unknown as FoundSignature[];
}
