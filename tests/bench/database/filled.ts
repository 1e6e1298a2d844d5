import { openDatabase } from '../../../src/db/database.js';
import { addVendor, type Harbor, harbor } from '../../support/harbor.js';
import type { Cluster, Place } from './cluster.js';
import { checkFilled } from './check.js';
import { fill, type Sizes } from './fill.js';
import { richInvoice } from './stock.js';

/** A database with a large organization among others. */
export interface Filled extends Place {
  home: Harbor;
  /** The number of an invoice with a conversation, made by the app itself. */
  number: string;
}

/** Fills a database. Nobody is connected to it afterwards, so that it can be cloned. */
export async function openFilled(cluster: Cluster, sizes: Sizes): Promise<Filled> {
  const place = await cluster.clone();
  const db = openDatabase({ connectionString: place.url() });
  const home = await harbor(db);
  await addVendor(db, home);
  await db.close();
  const admin = await cluster.admin(place);
  await fill(admin, home.organization_id, sizes);
  await checkFilled(admin);
  const again = openDatabase({ connectionString: place.url() });
  const { number } = await richInvoice(again.knex, home);
  await again.close();
  // Nothing waits to be sent.
  await admin.query(
    `delete from graphile_worker._private_jobs; update emails set state = 'delivered' where state = 'queued'`,
  );
  await admin.end();
  return { ...place, home, number };
}
