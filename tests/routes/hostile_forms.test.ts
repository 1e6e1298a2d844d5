import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../src/config.js';
import { harbor, type Harbor } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';
import { MATRIX } from '../support/route_matrix.js';
import { openVisitors, type Visitors } from '../support/visitors.js';

// What no form of ours sends, to everything about people and access: it is refused, nothing is half done, and no error
// is ours.

let portal: Portal;
let visitors: Visitors;
let rival: Harbor;
before(async () => {
  portal = await openPortal();
  visitors = await openVisitors(portal);
  rival = await harbor(portal);
});
after(() => portal.close());

const ABOUT_PEOPLE =
  /\/(settings|colleagues|contacts|invite|invitation|activation|terms|modules|act-as|organizations|sign-in|verify|switch|fresh-link|in|setup|profile)\b/;
const ROUTES = Object.keys(MATRIX).filter((route) => route.startsWith('POST') && ABOUT_PEOPLE.test(route));

/** The names of all fields that our forms have. */
const NAMES = [
  ...new Set(
    readdirSync(join(root, 'views'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ejs'))
      .flatMap((file) => [...readFileSync(join(root, 'views', file), 'utf8').matchAll(/name(?:="|: ')([a-z_]+)["']/g)])
      .map(([, name = '']) => name)
      .concat(
        'email',
        'code',
        'role',
        'person',
        'seen',
        'response',
        'deputy_id',
        'from_on',
        'until_on',
        'emails',
        'message',
      ),
  ),
];

const filled = (value: string) => NAMES.map((name) => `${name}=${value}`).join('&');
const BODIES: Record<string, string> = {
  'each field twice': `${filled('a')}&${filled('b')}`,
  'each field as a list': NAMES.map((name) => `${name}[]=a&${name}[0]=b&${name}[x]=c`).join('&'),
  'NUL bytes': filled('a%00b'),
  'names of prototypes': `__proto__=x&__proto__[role]=owner&constructor[prototype][role]=owner&${filled('__proto__')}`,
  'half a character': filled('%ed%a0%80%ff'),
  'long texts': filled('x'.repeat(900_000 / NAMES.length)),
};

const JSON_BODIES = [
  JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, { $gt: '' }]))),
  JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, [null, Number.MAX_VALUE, true]]))),
  '[1]',
  'null',
  '{"__proto__":{"role":"owner"},"role":"owner"}',
  '{"email":"a\\u0000b","name":"\\ud800","emails":12,"role":{}}',
];

/** Who may do most there. */
const strongest = (route: string): Browser =>
  /organization\/(colleagues|profile|activation|terms|modules)/.test(route)
    ? visitors.roles.contact_manager
    : visitors.olivia;

const rolesIn = ({ organization_id }: Harbor) =>
  portal.look(organization_id, (db) => db('people').orderBy('id').select('id', 'role', 'partner_id', 'user_id'));

/** What stands of people and their access in an organization. */
const standing = ({ organization_id }: Harbor) =>
  portal.look(organization_id, async (db) => ({
    people: await db('people')
      .orderBy('id')
      .select('id', 'role', 'modules', 'guest', 'email', 'removed_at', 'send_limit'),
    invitations: await db('invitations').pluck('id'),
    absences: await db('absences').pluck('id'),
    accounts: await db('bank_accounts').pluck('id'),
  }));

test('forms that nobody typed are no error of ours', async () => {
  const before = await rolesIn(visitors.home);
  for (const route of ROUTES) {
    const [visitor, path] = [strongest(route), visitors.pathOf(route)];
    for (const [name, body] of Object.entries(BODIES)) {
      const { status } = await visitor.post(path).type('form').send(body);
      assert.ok(status < 500, `${route}, ${name}: ${status}`);
    }
    for (const body of JSON_BODIES) {
      const { status } = await visitor.post(path).type('json').send(body);
      assert.ok(status < 500, `${route}, ${body.slice(0, 40)}: ${status}`);
    }
  }
  assert.deepEqual((await rolesIn(visitors.home)).slice(0, before.length), before);
});

test('ids of another organization, of nobody, and what is no id are not found', async () => {
  const { home } = visitors;
  const before = await Promise.all([standing(home), standing(rival)]);
  const ids = [rival.noah.id, rival.tom.id, rival.partner_id, 'x', '%00', "'%20or%201=1", '__proto__', '..%2f..'];
  for (const route of ROUTES.filter((one) => /:organization.*:/.test(one)))
    for (const id of ids) {
      const path = (route.split(' ')[1] ?? '').replace(':organization', home.slug).replace(/:\w+/g, id);
      const { status } = await strongest(route)
        .post(path)
        .type('form')
        .send({ role: 'viewer', name: 'X', reason: 'x' });
      assert.ok(status >= 300 && status < 500 && status !== 303, `${path}: ${status}`);
    }
  assert.deepEqual(await Promise.all([standing(home), standing(rival)]), before);
});

test('what is much too long is not read to its end', async () => {
  for (const path of [`/${visitors.home.slug}/settings/members`, '/sign-in', '/verify']) {
    const { status } = await visitors.olivia
      .post(path)
      .type('form')
      .send(`email=${'x'.repeat(10_000_000)}`);
    assert.equal(status, 413, path);
  }
});
