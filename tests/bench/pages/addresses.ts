import { types } from '../../../src/document_types/index.js';
import type { Cluster } from '../database/cluster.js';
import type { Filled } from '../database/filled.js';

/** A page of a filled database, as somebody sees it. */
export interface Address {
  /** The same in each database. */
  name: string;
  /** Pages that are alike: the table has one line for each. */
  group: string;
  reader: Reader;
  path: string;
  /** Of a form that is posted. */
  body?: string;
  status?: number;
}

export type Reader = 'staff' | 'customer' | 'vendor';

/** What addresses name, beside what the database says of itself. */
interface Places {
  /** In the list of invoices, after so much of it: of all, and of the customer's. */
  deep: string;
  deep_customer: string;
  deep_partner: string;
  deep_message: string;
  vendor_partner: string;
  project: string;
  project_id: string;
  month: string;
  /** A word that few subjects have, and one that many have. */
  rare: string;
  common: string;
}

const SHARE = 0.6;

/** Looks them up, as the database's administrator. */
async function placesIn(cluster: Cluster, { home, ...place }: Filled): Promise<Places> {
  const db = await cluster.admin(place);
  const one = async (text: string) => String((await db.query(text, [home.organization_id])).rows[0]?.one);
  const at = (from: string, order: string) =>
    one(
      `select id as one from ${from} order by ${order} offset (select count(*) * ${SHARE} from ${from})::int limit 1`,
    );
  const invoices = `documents where organization_id = $1 and type = 'invoice'`;
  const words = 'subject_words where organization_id = $1 and length(word) > 5 group by word';
  const project = `projects where organization_id = $1 and partner_id = '${home.partner_id}' order by id desc limit 1`;
  const places = {
    deep: await at(invoices, 'id desc'),
    deep_customer: await at(`${invoices} and partner_id = '${home.partner_id}'`, 'id desc'),
    deep_partner: await at('partners where organization_id = $1', 'name_key, id'),
    deep_message: await at('inbound_deliveries where organization_id = $1', 'id desc'),
    vendor_partner: await one(`select id as one from partners where organization_id = $1 and name = 'Northern Timber'`),
    project: await one(`select key as one from ${project}`),
    project_id: await one(`select id as one from ${project}`),
    month: await one(`select substr((max(issued_on) - 400)::text, 1, 8) as one from ${invoices}`),
    rare: await one(`select word as one from ${words} having word ~ '^[a-z]+$' order by count(*), word limit 1`),
    common: await one(`select word as one from ${words} having word ~ '^[a-z]+$' order by count(*) desc, word limit 1`),
  };
  await db.end();
  return places;
}

const SORTS = ['newest', 'number', 'date', 'due', 'total'].flatMap((sort) => [`sort=${sort}`, `sort=${sort}&turned=1`]);

/** A list in each order, from the middle on, with each filter, and searched. `from`: a row in the middle. */
function listOf(path: string, reader: Reader, from: string, { month, rare, common, project_id }: Places): Address[] {
  const tabs = types.find((type) => type.path === path)?.tabs ?? [];
  const named = (group: string, query: string, name = query): Address => ({
    name: `${reader} ${path} ${name}`,
    group: `${reader}: ${path}, ${group}`,
    reader,
    path: `/${path}?${query}`,
  });
  const searches = { one: common[0], two: common.slice(0, 2), three: common.slice(0, 3), common, rare };
  return [
    named('first page', ''),
    named('deep in', `before=${from}`, 'before'),
    ...SORTS.map((sort) => named('sorted', sort)),
    ...SORTS.map((sort) => named('sorted and deep in', `${sort}&before=${from}`, `${sort}&before`)),
    ...tabs.map(({ name }) => named('a tab or a state', `show=${name}`)),
    ...['draft', 'sent', 'paid'].map((state) => named('a tab or a state', `state=${state}`)),
    named('a month', `from=${month}01&to=${month}28`, 'from&to'),
    ...['least=100000', 'most=20', 'least=1000&most=1010', 'least=100000&sort=total'].map((amounts) =>
      named('amounts', amounts),
    ),
    named('a project', `project=${project_id}`, 'project'),
    ...Object.entries(searches).map(([name, word]) => named('searched', `q=${word}`, `q=${name}`)),
    named('searched', `q=${common}+${rare}`, 'q=common+rare'),
  ];
}

/** The search of everything, by words that are rare and frequent, several, and one that nothing has. */
function searchesOf(reader: Reader, { common, rare }: Places): Address[] {
  const words = {
    two: common.slice(0, 2),
    common,
    rare,
    'common+rare': `${common}+${rare}`,
    desk: 'desk',
    none: 'zzzzzz',
  };
  return Object.entries({ ...words, 'common&in=lines': `${common}&in=lines` }).map(([name, q]) => ({
    name: `${reader} /search?q=${name}`,
    group: `${reader}: everything searched`,
    reader,
    path: `/search?q=${q}`,
  }));
}

/** Every kind of page. */
export async function addressesIn(cluster: Cluster, filled: Filled): Promise<Address[]> {
  const places = await placesIn(cluster, filled);
  const { deep, deep_customer, deep_partner, deep_message, vendor_partner, project, common } = places;
  const { number, home } = filled;
  const page = (reader: Reader, group: string, path: string, name = path): Address => ({
    name: `${reader} ${name || '/'}`,
    group: `${reader}: ${group}`,
    reader,
    path,
  });
  const view = { path: `/documents/${number}/view`, body: '', status: 204 };
  return [
    page('staff', 'document', `/documents/${number}`, '/documents/…'),
    { ...page('staff', 'marking read', '', 'POST /documents/…/view'), ...view },
    page('staff', 'desk', '/desk'),
    ...types.filter(({ path }) => path !== 'invoices').map(({ path }) => page('staff', 'other lists', `/${path}`)),
    ...listOf('invoices', 'staff', deep, places),
    ...listOf('documents', 'staff', deep, places),
    page('staff', 'invoices, of a partner', `/invoices?partner=${home.partner_id}`, '/invoices?partner'),
    page('staff', 'partners', '/partners'),
    page('staff', 'partners', '/partners?kind=vendor'),
    page('staff', 'partners', `/partners?after=${deep_partner}`, '/partners?after'),
    page('staff', 'partners, searched', `/partners?q=${common.slice(0, 2)}`, '/partners?q=two'),
    page('staff', 'partners, searched', `/partners?q=${common}`, '/partners?q=common'),
    page('staff', 'partner', `/partners/${home.partner_id}`, '/partners/customer'),
    page('staff', 'partner', `/partners/${vendor_partner}`, '/partners/vendor'),
    page('staff', 'projects', '/projects'),
    page('staff', 'project', `/projects/${project}`, '/projects/…'),
    page('staff', 'mail room', '/mail-room'),
    page('staff', 'mail room', '/mail-room?show=all'),
    page('staff', 'mail room', `/mail-room?show=all&before=${deep_message}`, '/mail-room?show=all&before'),
    page('staff', 'mail room', `/mail-room?show=all&q=${common}`, '/mail-room?show=all&q=common'),
    ...searchesOf('staff', places),
    ...searchesOf('customer', places),
    page('customer', 'document', `/documents/${number}`, '/documents/…'),
    { ...page('customer', 'marking read', '', 'POST /documents/…/view'), ...view },
    page('customer', 'home', ''),
    ...listOf('invoices', 'customer', deep_customer, places),
    page('customer', 'documents', '/documents'),
    page('customer', 'documents', `/documents?q=${common.slice(0, 2)}`, '/documents?q=two'),
    page('customer', 'projects', '/projects'),
    page('customer', 'projects', `/projects/${project}`, '/projects/…'),
    page('vendor', 'home', ''),
    page('vendor', 'bills', '/bills'),
  ];
}
