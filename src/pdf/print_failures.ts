import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { systemActor, withActor } from '../db/scope.js';
import { HttpError, Unavailable } from '../errors.js';
import { pdfMade } from '../telemetry/metrics.js';
import type { PdfRenderer } from './pdf_renderer.js';
import { CannotPrint } from './printer.js';
import { BrowserLost } from './sealed_page.js';

/** 422: this document is more than the printer can do, and would be again. */
export class Unprintable extends HttpError {
  constructor() {
    super(422, 'No PDF can be made of this: it is too long or too complex. Shorten it and send a new version.');
  }
}

/**
 * A renderer that remembers, for all processes, what could not be printed: it fails at once for the same content. Other
 * content, such as a new version, is tried.
 */
export const remembering = (db: Knex, renderer: PdfRenderer): PdfRenderer => ({
  async render(html, options) {
    const sha256 = createHash('sha256').update(html).digest('hex');
    if (await hasFailed(db, sha256)) throw new Unprintable();
    return timed(renderer.render(html, options)).catch(async (error: unknown) => {
      if (error instanceof BrowserLost) throw new Unavailable({ cause: error });
      if (!(error instanceof CannotPrint)) throw error;
      await remember(db, sha256, error);
      throw new Unprintable();
    });
  },
  close: () => renderer.close(),
});

async function timed(printing: Promise<Buffer>): Promise<Buffer> {
  const began = performance.now();
  const ended = (outcome: Parameters<typeof pdfMade>[0]) => pdfMade(outcome, (performance.now() - began) / 1000);
  try {
    const pdf = await printing;
    ended('printed');
    return pdf;
  } catch (error) {
    ended(error instanceof CannotPrint ? 'unprintable' : 'failed');
    throw error;
  }
}

const hasFailed = (db: Knex, sha256: string): Promise<boolean> =>
  withActor(db, systemActor(null), async (db) =>
    Boolean(await db('print_failures').where({ sha256 }).where('until', '>', db.fn.now()).first('sha256')),
  );

const remember = (db: Knex, sha256: string, { message: reason, minutes }: CannotPrint): Promise<void> =>
  withActor(db, systemActor(null), async (db) => {
    const until = db.raw(`now() + ? * interval '1 minute'`, [minutes]);
    await db('print_failures').where('until', '<', db.fn.now()).del();
    await db('print_failures').insert({ sha256, reason, until }).onConflict('sha256').merge();
  });
