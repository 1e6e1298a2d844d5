import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { LIFECYCLES } from '../../src/subjects/lifecycles.js';
import { type ApiAnswer, program, tokenFor } from '../support/api.js';
import { type Operation, type Described, requestOf } from '../support/api_client.js';
import { openPortal, type Portal } from '../support/portal.js';
import { openVisitors, type Visitors } from '../support/visitors.js';

let portal: Portal;
let visitors: Visitors;
let described: Described;
before(async () => {
  portal = await openPortal();
  visitors = await openVisitors(portal);
  described = (await program(portal, null)('openapi.json')).body;
});
after(() => portal.close());

test('the description is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate({ ...structuredClone(described) });
  assert.ok(valid, JSON.stringify(errors ?? []).slice(0, 2000));
});

test('every act of every kind but the system’s is in it, and each operation by one name', () => {
  const operations = Object.values(described.paths).flatMap((methods) => Object.values(methods));
  const names = operations.map(({ operationId }) => operationId);
  assert.equal(new Set(names).size, names.length);
  const acts = LIFECYCLES.flatMap(({ actions }) =>
    Object.entries(actions).filter(([name, { by }]) => by !== 'system' && name !== 'view'),
  );
  const described_acts = Object.keys(described.paths).filter(
    (path) => described.paths[path]?.['post'] && /\{key\}\/\w+$/.test(path),
  );
  assert.equal(described_acts.length, acts.length);
});

const shapes = new Map<string, ReturnType<Ajv2020['compile']>>();
let ajv: Ajv2020 | null = null;

/** Whether an answer is as described. */
function faultsIn({ status, body, headers }: ApiAnswer, { responses }: Operation): string[] {
  if (!ajv) {
    ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', components: described.components });
  }
  const answer = responses[status] ?? (status >= 400 && status < 500 ? responses['4XX'] : undefined);
  if (!answer) return [`${status} is not described`];
  const [[type, { schema }] = ['', { schema: {} }]] = Object.entries(answer.content);
  if (type === '*/*') return [];
  if (!String(headers.get('Content-Type')).startsWith(type))
    return [`${headers.get('Content-Type')} instead of ${type}`];
  const ref = String(schema['$ref']);
  const check = shapes.get(ref) ?? ajv.compile({ $ref: `api${ref}` });
  shapes.set(ref, check);
  return check(body) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

test('a client that knows the description alone gets from every operation what it says, and never a 5xx', async () => {
  const { home, invoice } = visitors;
  const token = await tokenFor(portal, home, home.olivia.id);
  const call = program(portal, token);
  const faults: string[] = [];
  const worked: string[] = [];
  for (const [path, methods] of Object.entries(described.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const { url, sent } = requestOf(described, path, method, operation, { home, invoice });
      const shown =
        method === 'post' && url.includes(`/invoices/${invoice.number}/`)
          ? await call(url.replace(/\/\w+$/, ''))
          : null;
      const tag = shown?.headers.get('ETag');
      const answer = await call(url, { ...sent, headers: tag ? { 'If-Match': tag } : {} });
      faults.push(...faultsIn(answer, operation).map((fault) => `${operation.operationId}: ${answer.status} ${fault}`));
      if (answer.status < 300) worked.push(operation.operationId);
      if (method === 'get' && answer.status !== 200 && !url.includes('none')) faults.push(`${url}: ${answer.status}`);
    }
  assert.deepEqual(faults, []);
  for (const name of ['me', 'partners_create', 'contacts_create', 'invoices_create', 'tasks_get'])
    assert.ok(worked.includes(name), name);
});
