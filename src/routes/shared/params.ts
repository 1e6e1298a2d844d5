import type { Request } from 'express';
import { z } from 'zod';
import { isId } from '../../db/ids.js';
import { NotFound } from '../../errors.js';

/** Text in an address's query, cut to what a search needs; '' if it is absent or given more than once. */
export const textParam = z
  .string()
  .catch('')
  .transform((typed) => typed.trim().slice(0, 200));

/** An id in an address's query; null if it is absent, or not one. */
export const idParam = z.string().refine(isId).nullable().catch(null);

/** The id in an address's path. @throws NotFound if it can't be one */
export function pathId({ params }: Pick<Request, 'params'>, name: string): string {
  const id = String(params[name]);
  if (!isId(id)) throw new NotFound();
  return id;
}
