import { openDatabase } from '../../src/db/database.js';
import { pdfOf } from '../../src/documents/queries/document_pdf.js';
import { diskStorage } from '../../src/files/disk_storage.js';
import { type Bench, FEW } from './bench.js';
import type { Filled } from './database/filled.js';
import { richInvoice } from './database/stock.js';
import { median, print } from './figure.js';
import { startChild } from './processes/child.js';
import { signIn, startParley } from './processes/parley.js';
import type { Printed } from './processes/pdf_process.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DOCUMENTS = 10;

/** An invoice's PDF: printed by Parley and by the browser alone; asked for the first time, and again. */
export async function measurePdf(bench: Bench): Promise<void> {
  const place = await bench.copied(FEW);
  const { child } = await startChild('pdf_process');
  const turns = await child.ask<Printed[]>({ html: await htmlOf(place), turns: 6, documents: 5 });
  const of = (value: (turn: Printed) => number) => median(turns.map(value));
  print({
    figure: 'PDF of an invoice',
    value: of(({ ours, bare }) => ours.ms / bare.ms),
    unit: '×',
    against: 'a tagged print of the same HTML by the same browser',
    by_processor_time: of(({ ours, bare }) => ours.processor_ms / bare.processor_ms),
    ms: of(({ ours }) => ours.ms),
    bare_ms: of(({ bare }) => bare.ms),
    processor_ms: of(({ ours }) => ours.processor_ms),
  });
  await child.stop();
  await measureDownloads(bench, place);
}

/** What Parley would print. */
async function htmlOf({ home, ...place }: Filled): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const db = openDatabase({ connectionString: place.url() }, 1);
  let printed = '';
  const printer = { render: async (html: string) => Buffer.from((printed = html)) };
  const { id } = await richInvoice(db.knex, home);
  await pdfOf(db.knex, diskStorage(folder), printer, home.organization_id, id, 1, 'en-US');
  await db.close();
  await rm(folder, { recursive: true });
  return printed;
}

async function measureDownloads({ browsers }: Bench, { home, ...place }: Filled): Promise<void> {
  const db = openDatabase({ connectionString: place.url() }, 1);
  const site = await startParley(['web'], { database_url: place.url() });
  const [cookie = ''] = await signIn(place.url(), [home.maya.email]);
  const times: number[] = [];
  let paths: string[] = [];
  const visit = async (ms: number) => {
    const visited = await browsers.visit({
      port: site.ports.web,
      paths,
      headers: { cookie },
      status: 200,
      ms,
      browsers: 1,
    });
    return median(visited.times_ms);
  };
  for (let i = 0; i <= DOCUMENTS; i++) {
    paths = [`/${home.slug}/documents/${(await richInvoice(db.knex, home)).number}/pdf`];
    times.push(await visit(0));
  }
  const [with_launch, ...made] = times;
  print({
    figure: 'PDF downloaded for the first time',
    value: median(made),
    unit: 'ms',
    when_the_browser_starts_ms: with_launch,
    kept_ms: await visit(1500),
  });
  await db.close();
  await site.stop();
}
