import type { Bench } from '../bench.js';
import { print } from '../figure.js';
import type { Visited } from '../processes/browsers.js';
import { type Parley, signIn, startParley } from '../processes/parley.js';
import { type Spending, spending } from '../spending.js';
import { openWire, type Wire } from '../wire.js';
import { fillProject, type FilledProject, VENDOR } from './filled_project.js';
import { type ProjectAct, projectActs, type ProjectPage, projectPages, type Reader } from './project_pages.js';

const [FEW, MANY] = [50, 5000];
const TURNS = 3;

/** A project on a site of its own, seen through a relay that counts. */
interface Site {
  place: FilledProject;
  parley: Parley;
  counting: Parley;
  wire: Wire;
  cookies: Record<Reader, string>;
  pages: ProjectPage[];
  acts: ProjectAct[];
}

/** What one page or act took, on average. */
type Cost = Record<'node_ms' | 'postgres_ms' | 'bytes' | 'round_trips' | 'statements', number>;

interface Asked {
  reader: Reader;
  paths: string[];
  body?: string;
  least: number;
}

/** A project of 5,000 tasks beside one of 50, with all else in proportion: each page, and each act. */
export async function measureProjects(bench: Bench): Promise<void> {
  const [small, large] = [await openSite(bench, FEW), await openSite(bench, MANY)];
  for (const { name, reader } of small.pages) {
    const asked = (site: Site) => ({ reader, paths: [pathOf(site, name)], least: 3 });
    const [was, is] = [await cheapest(bench, small, asked(small)), await cheapest(bench, large, asked(large))];
    report(name, was, is);
  }
  for (const { name } of small.acts) {
    const [was, is] = [await costOfAct(bench, small, name), await costOfAct(bench, large, name)];
    report(`act: ${name}`, was, is);
  }
  for (const site of [small, large]) await close(site);
}

async function openSite({ cluster }: Bench, tasks: number): Promise<Site> {
  const place = await fillProject(cluster, tasks);
  const { home } = place;
  const [pages, acts] = [await projectPages(cluster, place), await projectActs(cluster, place)];
  const people = [home.olivia.email, home.maya.email, VENDOR];
  const [staff = '', customer = '', vendor = ''] = await signIn(place.url(), people);
  const wire = await openWire(cluster.server);
  return {
    ...{ place, wire, pages, acts, cookies: { staff, customer, vendor } },
    parley: await startParley(['web'], { database_url: place.url() }),
    counting: await startParley(['web'], { database_url: place.url(wire.host) }),
  };
}

async function close({ parley, counting, wire }: Site): Promise<void> {
  for (const part of [parley, counting]) await part.stop();
  await wire.close();
}

function pathOf({ pages }: Site, name: string): string {
  const page = pages.find((page) => page.name === name);
  if (!page) throw new Error(`There is no page ${name}.`);
  return page.path;
}

/** What else the machine does only adds to it. */
async function cheapest(bench: Bench, site: Site, asked: Asked): Promise<Cost> {
  const counted = await count(bench, site, asked);
  const costs: Spending<Visited>[] = [];
  for (let turn = 0; turn <= TURNS; turn++) costs.push(await spend(bench, site, asked));
  const each = costs.slice(1).map(perVisit);
  return { ...counted, ...each.reduce((best, cost) => (total(cost) < total(best) ? cost : best)) };
}

/** Each can be done but once to a subject: half of the times are counted, half are measured. */
async function costOfAct(bench: Bench, site: Site, name: string): Promise<Cost> {
  const act = site.acts.find((act) => act.name === name);
  if (!act) throw new Error(`There is no act ${name}.`);
  const { reader, paths, body } = act;
  const half = Math.floor(paths.length / 2);
  const asked = (paths: string[]): Asked => ({ reader, paths, body, least: paths.length });
  if (!half) return { ...NOTHING, ...perVisit(await spend(bench, site, asked(paths))) };
  const counted = await count(bench, site, asked(paths.slice(0, half)));
  return { ...counted, ...perVisit(await spend(bench, site, asked(paths.slice(half)))) };
}

const NOTHING = { bytes: 0, round_trips: 0, statements: 0 };

const total = ({ node_ms, postgres_ms }: Pick<Cost, 'node_ms' | 'postgres_ms'>) => node_ms + postgres_ms;

const perVisit = ({ node_ms, postgres_ms, result: { requests, bytes } }: Spending<Visited>) => ({
  ...{ node_ms: node_ms / requests, postgres_ms: postgres_ms / requests, bytes },
});

const spend = (bench: Bench, site: Site, asked: Asked) =>
  spending(bench.cluster, site.parley, () => visit(bench, site, site.parley, asked));

const visit = ({ browsers }: Bench, { cookies }: Site, { ports }: Parley, { reader, body, ...asked }: Asked) =>
  browsers.visit({
    ...{ ...asked, port: ports.web, ms: 0, browsers: 1, status: body === undefined ? 200 : 303 },
    ...(body === undefined ? {} : { body }),
    headers: { cookie: cookies[reader], 'content-type': 'application/x-www-form-urlencoded' },
  });

/** What is asked of the database; connecting and preparing are not counted. */
async function count(bench: Bench, site: Site, asked: Asked) {
  const { wire, counting } = site;
  await visit(bench, site, counting, { ...asked, paths: asked.paths.slice(0, 1), least: 1 });
  const before = { ...wire };
  const others = asked.body === undefined ? asked.paths : asked.paths.slice(1);
  const { requests } = await visit(bench, site, counting, { ...asked, paths: others, least: asked.least - 1 });
  const each = (name: 'round_trips' | 'statements') => (wire[name] - before[name]) / requests;
  return { round_trips: each('round_trips'), statements: each('statements') };
}

function report(figure: string, was: Cost, is: Cost): void {
  const both = (name: Exclude<keyof Cost, 'node_ms' | 'postgres_ms'>) => ({
    [name]: is[name],
    [`was_${name}`]: was[name],
  });
  print({
    figure,
    value: total(is) / total(was),
    unit: '×',
    against: `the same with ${FEW} tasks, by processor time`,
    ...{ node_ms: is.node_ms, postgres_ms: is.postgres_ms, was_ms: total(was) },
    ...{ ...both('bytes'), ...both('round_trips'), ...both('statements') },
  });
}
