import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { IRouter } from 'express';
import { createApp } from '../../src/app.js';
import { openPortal, type Portal } from '../support/portal.js';
import { MATRIX } from '../support/route_matrix.js';
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

for (const [route, expected] of Object.entries(MATRIX)) {
  test(
    route,
    { skip: route === 'POST /sign-out' && 'it would sign the visitors out; routes/links.test.ts does it' },
    async () => {
      const [method = ''] = route.split(' ');
      const seen: string[] = [];
      for (const visitor of columnsOf(visitors)) {
        // A stream never ends; its head says who may have it.
        const read = route.endsWith('/live')
          ? visitor.head(visitors.pathOf(route))
          : visitor.get(visitors.pathOf(route));
        const answer = method === 'GET' ? await read : await visitor.post(visitors.pathOf(route)).type('form').send({});
        seen.push(outcome(answer));
      }
      assert.equal(seen.join(' '), expected);
    },
  );
}
