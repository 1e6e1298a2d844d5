import type { Knex } from 'knex';
import type { z } from 'zod';
import type { ActContext } from './document_act.js';

/** A step of an act which states by a schema what input it takes, so that it gets it typed. */
export const taking =
  <Schema extends z.ZodType, Result>(
    schema: Schema,
    run: (db: Knex.Transaction, act: ActContext<z.output<Schema>>) => Promise<Result>,
  ) =>
  (db: Knex.Transaction, act: ActContext): Promise<Result> =>
    run(db, { ...act, input: schema.parse(act.input) });
