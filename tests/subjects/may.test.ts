import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Actor, systemActor, withActor } from '../../src/db/scope.js';
import { type Action, typeNamed, types } from '../../src/document_types/index.js';
import { today } from '../../src/pages/days.js';
import { type Document, findDocument } from '../../src/documents/content/document.js';
import { type Area, isOffered, may } from '../../src/subjects/may.js';
import { openDocuments, openPermitted, type Shown, type Visitor } from '../support/permissions.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';
import { openVisitors, type Visitors } from '../support/visitors.js';

let portal: Portal;
let visitors: Visitors;
let documents: Shown[];
let people: Visitor[];
before(async () => {
  portal = await openPortal();
  visitors = await openVisitors(portal);
  documents = await openDocuments(portal, visitors);
  people = await openPermitted(portal, visitors, documents);
});
after(() => portal.close());

/** What came of a request, as `may` would put it; `absent`: as if there were nothing. */
function outcome({ status, headers, text }: { status: number; headers: Record<string, string>; text: string }): string {
  const to = headers['location'] ?? '';
  if (status === 401 || to.startsWith('/sign-in')) return 'sign in';
  if (status === 404) return 'absent';
  if (to.startsWith('/verify?')) return 'code';
  if (status === 403) return text.includes('href="/verify?') ? 'code' : 'no';
  assert.ok(status < 500, text);
  return status === 409 && text.includes('this can’t be done to it now') ? 'late' : 'yes';
}

/** What somebody without an actor gets for everything of the organization. */
const outside = (name: string) => (name === 'nobody' ? 'sign in' : 'absent');

const PAGES: Record<Exclude<Area, 'portal'>, string> = {
  everything: 'documents',
  desk: 'desk',
  partners: 'partners/new',
  planning: 'projects/new',
  bank: 'bank',
  taxes: 'settings/organization/taxes',
  administration: 'delivery',
};

test('areas: `may`, the guard, the links in the head and in the settings, and row security agree', async () => {
  const { home, invoice, second } = visitors;
  for (const { name, browser, actor } of people) {
    const page = await browser.get(invoice.url);
    const portal_answer = actor ? may(actor, 'portal').answer : outside(name);
    if (name !== 'contact of another partner') assert.equal(outcome(page), portal_answer, `${name}: portal`);
    const { text: settings } = await browser.get(`/${home.slug}/settings/preferences`);
    for (const [area, path] of Object.entries(PAGES) as [Exclude<Area, 'portal'>, string][]) {
      const answer = await browser.get(`/${home.slug}/${path}`);
      const verdict = actor ? may(actor, area) : null;
      // Staff's pages are not there for partners.
      const absent = verdict?.answer === 'no' && verdict.ask === 'staff';
      assert.equal(outcome(answer), verdict ? (absent ? 'absent' : verdict.answer) : outside(name), `${name}: ${area}`);
      const link = new RegExp(`<a [^>]*href="/${home.slug}/${path}"`);
      // The head leads to lists, which say what can be made there.
      if (page.status === 200 && !path.endsWith('/new'))
        assert.equal(link.test(page.text + settings), verdict?.answer === 'yes', `${name}: link to ${area}`);
    }
    if (!actor || actor.guest || name === 'contact of another partner') continue;
    const sees = (table: string, key: object) =>
      withActor(portal.knex, actor, async (db) => (await db(table).where(key)).length > 0);
    assert.equal(await sees('documents', { id: second.id }), may(actor, 'everything').answer === 'yes', name);
    assert.equal(await sees('emails', { subject_id: second.id }), may(actor, 'desk').answer === 'yes', name);
  }
});

test('starting a document: `may`, the guard and the button of the list agree', async () => {
  const { home } = visitors;
  for (const { name, browser, actor } of people)
    for (const type of types.filter((type) => type.name !== 'proposal')) {
      const list = `/${home.slug}/${type.path}`;
      const verdict = actor && may(actor, { start: type });
      // A customer is sent no order to bill.
      const other = name === 'contact of another partner' && type.partner === 'vendor';
      const absent = (verdict?.answer === 'no' && verdict.ask === 'staff') || other;
      const expected = verdict ? (absent ? 'absent' : verdict.answer) : outside(name);
      assert.equal(outcome(await browser.get(`${list}/new`)), expected, `${name}: ${type.name}`);
      const { status, text } = await browser.get(list);
      const offered = actor !== null && isOffered(actor, { start: type }) && !other;
      if (status === 200) assert.equal(text.includes(`href="${list}/new"`), offered, `${name}: ${type.name}`);
    }
  assert.ok(types.every((type) => may(systemActor('x'), { start: type }).answer === 'no'));
});

test('actions: `may`, the buttons of the page, the guard and row security agree', async () => {
  const { organization_id } = visitors.home;
  const states = () =>
    portal.look(organization_id, (db) => db('documents').orderBy('id').select('id', 'state', 'version', 'sha256'));
  const before = await states();
  assert.equal(before.length, documents.length + 1);
  for (const shown of documents) {
    const document = await portal.look(organization_id, (db) =>
      findDocument(db, systemActor(organization_id), shown.id),
    );
    for (const visitor of people) await checkActions(visitor, shown, document);
  }
  // Each answer was given, and asking did nothing.
  for (const what of ['yes', 'code', 'late', 'no', 'button', 'hidden']) assert.ok((tally.get(what) ?? 0) >= 10, what);
  assert.deepEqual(await states(), before);
});

/** How often each answer was given, how many buttons there were, and documents that were hidden. */
const tally = new Map<string, number>();
const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1);

async function checkActions({ name, browser, actor }: Visitor, { id, label, url }: Shown, document: Document) {
  const page = await browser.get(url);
  if (actor && (await isVisible(actor, id))) {
    assert.equal(outcome(page), 'yes', `${name}: ${label}`);
    await checkGuard(browser, actor, document, url, `${name}: ${label}`);
    checkButtons(page.text, actor, document, url, `${name}: ${label}`);
  } else {
    count('hidden');
    const tried = await browser.post(`${url}/comment`).type('form').send({});
    // What is theirs, but not what their link opens, is one more step away.
    const beyond = actor?.assurance === 'link' && (await isVisible(withCode(actor), id));
    const seen = beyond ? 'code' : outside(name);
    assert.deepEqual([page, tried].map(outcome), [seen, outside(name)], `${name}: ${label}`);
  }
}

const withCode = (actor: Actor): Actor => ({ ...actor, assurance: 'verified', subject_ids: null });

/** What `may` answers for an action. */
const answerFor = (actor: Actor, document: Document, name: string, action: Action) =>
  may(actor, { name, action, subject: document, today: today(actor) }).answer;

async function checkGuard(browser: Browser, actor: Actor, document: Document, url: string, where: string) {
  for (const [name, action] of Object.entries(typeNamed(document.type).actions)) {
    if (name === 'view') continue; // Posted by a script, without what was seen: it would be done.
    // What nobody has seen is not acted on, so that nothing is done where it is permitted.
    const seen = 'f'.repeat(64);
    const answer = answerFor(actor, document, name, action);
    const tried = await browser.post(`${url}/${name}`).type('form').send({ seen });
    assert.equal(outcome(tried), answer, `${where}: ${name}`);
    count(answer);
  }
}

function checkButtons(html: string, actor: Actor, document: Document, url: string, where: string) {
  const { actions, nextSteps = [] } = typeNamed(document.type);
  const offered = Object.entries(actions).flatMap(([name, action]) => {
    const answer = answerFor(actor, document, name, action);
    return action.label && (answer === 'yes' || answer === 'code') ? [markOf(url, name, action, answer)] : [];
  });
  const steps = nextSteps
    .filter((step) => isOffered(actor, { action: step, subject: document, today: today(actor) }))
    .map(({ to }) => `href="${stepUrl(url, to)}"`);
  const expected = new Set([...offered, ...steps]);
  for (const _ of expected) count('button');
  assert.deepEqual([...marksOn(html, url, actions)].toSorted(), [...expected].toSorted(), where);
}

async function isVisible(actor: Actor, id: string): Promise<boolean> {
  return withActor(portal.knex, actor, async (db) => {
    const found = await db('documents').where({ id });
    // Partners only read.
    if (actor.side === 'partner') assert.equal(await db('documents').where({ id }).update({ title: 'Mine' }), 0);
    return found.length > 0;
  });
}

const stepUrl = (url: string, to: string) =>
  `${url.split('/documents/')[0]}/${to.replace('{{key}}', url.split('/').at(-1) ?? '')}`;

/** How an action shows on the page: a link to its form, to the step that proves a mailbox, or its own form. */
function markOf(url: string, name: string, { formPage }: Action, answer: string): string {
  if (answer === 'code') return `href="/verify?return_to=${encodeURIComponent(`${url}?open=${name}`)}"`;
  const form = formPage ?? (name === 'send' ? 'preview' : null);
  return form ? `href="${url}/${form}"` : `action="${url}/${name}"`;
}

/** All marks of actions that the page has. */
function marksOn(html: string, url: string, actions: Record<string, Action>): Set<string> {
  const names = Object.keys(actions).filter((name) => actions[name]?.label);
  const forms = ['preview', 'edit', 'pay', 'answer', 'compare'].map((form) => `href="${url}/${form}"`);
  const ours = names.flatMap((name) => [
    `action="${url}/${name}"`,
    markOf(url, name, { by: 'staff', summary: '' }, 'code'),
  ]);
  const elsewhere = [...html.matchAll(/href="[^"]*\/new\?from=[^"]*"/g)].map(([mark]) => mark);
  return new Set([...[...ours, ...forms].filter((mark) => html.includes(mark)), ...elsewhere]);
}
