import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';

/** What we ask of Stripe, as its description names it. */
const ROUTES = [
  'POST /v1/checkout/sessions',
  'POST /v1/checkout/sessions/{session}/expire',
  'POST /v1/customers',
  'POST /v1/payment_intents',
  'POST /v1/payment_methods/{payment_method}/detach',
  'POST /v1/refunds',
  'GET /v1/account',
  'GET /v1/checkout/sessions/{session}',
  'GET /v1/payment_intents',
  'GET /v1/payment_intents/{intent}',
  'GET /v1/payment_methods/{payment_method}',
  'GET /v1/refunds',
  'GET /v1/refunds/{refund}',
  'GET /v1/setup_intents/{intent}',
];

interface Operation {
  parameters?: { in: string; name: string; schema: object; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: object }> };
}

type Paths = Record<string, Record<string, Operation>>;

/** Stripe's published OpenAPI description (YAML), a file that the environment names. */
const file = process.env['STRIPE_SPEC'] ?? '';

/** Whether it is at hand: without it no request is checked against it. */
export const isDescribed = existsSync(file);

/** Of its several MB only the paths that we ask are parsed. Each begins at an indent of two, quoted or not. */
function readPaths(text: string): Paths {
  const wanted = new Set(ROUTES.map((route) => route.split(' ')[1]));
  const paths = text.slice(text.indexOf('\npaths:')).split(/^(?= {2}['/]|\S)/m);
  const ours = paths.filter((path) => wanted.has(/^ {2}'?(\/[^':]+)'?:/.exec(path)?.[1]));
  return load(ours.join('')) as Paths;
}

/** What the fields of a request have to be like. */
function schemaOf(paths: Paths, route: string): object {
  const [method = '', path = ''] = route.split(' ');
  const { parameters = [], requestBody } = paths[path]?.[method.toLowerCase()] ?? {};
  const body = requestBody?.content['application/x-www-form-urlencoded'];
  if (!body) throw new Error(`STRIPE_SPEC describes no ${route}.`);
  if (method === 'POST') return body.schema;
  const query = parameters.filter((one) => one.in === 'query');
  const properties = Object.fromEntries(query.map(({ name, schema }) => [name, schema]));
  const required = query.filter((one) => one.required).map(({ name }) => name);
  return { type: 'object', additionalProperties: false, properties, required };
}

// Not optimized: these schemas are large, compiled once they are needed, and then check a few requests.
const ajv = new Ajv({
  ...{ coerceTypes: true, strict: false, code: { optimize: false } },
  formats: { 'unix-time': true, decimal: true },
});
const described = isDescribed ? readPaths(readFileSync(file, 'utf8')) : null;
const routes = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.replaceAll(/\{\w+\}/g, '([^/]+)')}$`),
  schema: described && schemaOf(described, route),
}));

/** The route of a request and the id in its path; null if it is none that we mean to ask. */
export function routeOf(line: string): { route: string; id: string } | null {
  for (const { route, pattern } of routes) {
    const found = pattern.exec(line);
    if (found) return { route, id: found[1] ?? '' };
  }
  return null;
}

/** What Stripe's description has against these fields, which stay as they came; '' if nothing, or without it. */
export function faultsIn(asked: string, fields: object): string {
  const schema = routes.find(({ route }) => route === asked)?.schema;
  return !schema || ajv.validate(schema, structuredClone(fields)) ? '' : ajv.errorsText();
}
