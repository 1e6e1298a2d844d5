import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { IRouter } from 'express';
import { createApp } from '../../src/app.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';
import { MATRIX, ROLES } from '../support/route_matrix.js';
import { columnsOf, openVisitors, type Visitors } from '../support/visitors.js';

let portal: Portal;
let visitors: Visitors;
before(async () => {
  portal = await openPortal();
  visitors = await openVisitors(portal);
});
after(() => portal.close());

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
}

/** All routes of the real app, as it is mounted. */
function routesOf(stack: Layer[]): string[] {
  return stack.flatMap(({ route, handle }) =>
    route
      ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`)
      : routesOf(handle.stack ?? []),
  );
}

const app = () =>
  createApp({
    ...portal.services,
    roles: ['web'],
    leaving: new AbortController().signal,
    listener: {
      ...{ follow: () => () => {}, onRemoved: () => () => {}, onNotified: () => () => {} },
      ...{ onSignedOut: () => () => {}, onClose: () => () => {}, close: async () => {} },
    },
  });

const allRoutes = () =>
  routesOf((app() as unknown as { router: IRouter & { stack: Layer[] } }).router.stack).filter(
    (route) => !route.includes('/mailbox'),
  );

test('every route has a line in the matrix, and every line a route', () => {
  assert.deepEqual(allRoutes().toSorted(), Object.keys(MATRIX).toSorted());
});

/** A refused page leads to the step that proves a mailbox at once; a form, which that would lose, by a button. */
function outcome({ status, headers, text }: { status: number; headers: Record<string, string>; text: string }): string {
  const to = headers['location'] ?? '';
  if (status === 303 && to.startsWith('/sign-in?')) return 'in';
  if (status === 303 && to.startsWith('/verify?')) return 'code';
  if (status === 403) return text.includes('href="/verify?') ? 'code' : 'no';
  return [401, 404].includes(status) ? String(status) : status >= 500 ? `${status}!` : 'ok';
}

/** What comes of opening a route, or of posting an empty form to it. */
async function tried(visitor: Browser, route: string): Promise<string> {
  const path = visitors.pathOf(route);
  if (route.startsWith('POST')) return outcome(await visitor.post(path).type('form').send({}));
  // A stream never ends; its head says who may have it.
  return outcome(await (route.endsWith('/live') ? visitor.head(path) : visitor.get(path)));
}

for (const [route, expected] of Object.entries(MATRIX)) {
  test(
    route,
    { skip: route === 'POST /sign-out' && 'it would sign the visitors out; routes/links.test.ts does it' },
    async () => {
      const seen: string[] = [];
      for (const visitor of columnsOf(visitors)) seen.push(await tried(visitor, route));
      assert.equal(seen.join(' '), expected);
      const columns = expected.split(' ');
      const roles: Record<string, string | undefined> = {};
      for (const { role } of ROLES) roles[role] = await tried(visitors.roles[role], route);
      assert.deepEqual(
        roles,
        Object.fromEntries(ROLES.map(({ role, like, but }) => [role, but[route] ?? columns[like]])),
      );
    },
  );
}
