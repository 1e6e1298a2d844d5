import { z } from 'zod';
import { isId } from '../../db/ids.js';
import { parseBy } from '../../input/fields.js';
import type { RequestContext } from '../../routes/shared/request_context.js';

/** So many at most on a page of a list. */
export const MOST_LISTED = 100;

const encode = (id: string) => Buffer.from(id).toString('base64url');
const decode = (cursor: string) => Buffer.from(cursor, 'base64url').toString('utf8');

const NO_CURSOR = 'Use the address of “next” as it was given.';

/** What every list takes. A cursor says nothing to its reader; it is the place after which a page begins. */
export const pageParams = z.strictObject({
  limit: z.coerce
    .number('Give a number from 1 to 100.')
    .int('Give a number from 1 to 100.')
    .min(1, 'Give a number from 1 to 100.')
    .max(MOST_LISTED, 'Give a number from 1 to 100.')
    .default(50),
  cursor: z
    .string()
    .refine((cursor) => isId(decode(cursor)), NO_CURSOR)
    .optional(),
});

interface Page {
  limit: number;
  /** The id of the last row before it. */
  after: string | null;
}

/** The query of a request by its schema. @throws Invalid by parameter */
export function readQuery<S extends z.ZodObject>({ req }: Pick<RequestContext, 'req'>, schema: S): z.output<S> {
  return parseBy(schema, { ...req.query });
}

export const pageOf = ({ limit, cursor }: z.output<typeof pageParams>): Page => ({
  limit,
  after: cursor === undefined ? null : decode(cursor),
});

/**
 * Sends a page of a list in the shape of its rows: `found` has at least one more than `limit` if there is a next one,
 * whose address is in the body and as Link.
 */
export function sendPage(ctx: RequestContext, shape: z.ZodType, found: readonly { id: string }[], limit: number): void {
  const { req, res } = ctx;
  const rows = found.slice(0, limit);
  const last = found.length > rows.length ? rows.at(-1) : undefined;
  const query = new URLSearchParams({ ...parseBy(z.record(z.string(), z.string()), { ...req.query }) });
  if (last) query.set('cursor', encode(last.id));
  const next = last ? `${req.path}?${query}` : null;
  if (next) res.links({ next });
  res.json({ data: rows.map((row) => shape.parse(row)), next });
}
