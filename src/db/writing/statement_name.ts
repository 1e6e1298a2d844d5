import { createHash } from 'node:crypto';
import { isPreparing } from '../reading/prepared.js';

const names = new Map<string, string>();

/**
 * The name that a statement of a pool is prepared under, as a field of pg's query; none if it isn't. Made from its text,
 * so that both go together.
 */
export function nameOf(pool: object, text: string): { name?: string } {
  if (!isPreparing(pool)) return {};
  const name = names.get(text) ?? createHash('sha1').update(text).digest('hex');
  names.set(text, name);
  return { name };
}
