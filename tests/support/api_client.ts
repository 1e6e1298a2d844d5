import type { Harbor, Sent } from './harbor.js';
import { day } from './days.js';

type Schema = Record<string, unknown>;

/** An operation, as the description has it. */
export interface Operation {
  operationId: string;
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content: Record<string, { schema: Schema }> }>;
}

export interface Described {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

interface Scene {
  home: Harbor;
  invoice: Sent;
}

/** What a client that knows nothing but the description (and a few names) sends. */
export function requestOf(
  { components }: Described,
  path: string,
  method: string,
  { requestBody }: Operation,
  scene: Scene,
) {
  const url = `/api/v1${path
    .replace('{partner}', scene.home.partner_id)
    .replace('{file}', 'none')
    .replace('{key}', keyOf(path.split('/')[1] ?? '', scene))}`;
  const schema = requestBody?.content['application/json']?.schema;
  const body = schema ? sample(schema, components.schemas, scene) : {};
  return { url, sent: method === 'post' ? { method: 'POST', body } : {} };
}

const KEYS: Record<string, string> = { projects: 'MAPLE', tasks: 'TASK-0001', events: 'EVENT-0001' };

function keyOf(kind: string, { home, invoice }: Scene): string {
  if (kind === 'invoices') return invoice.number;
  if (kind === 'shared-files') return home.partner_id;
  return kind === 'subscriptions' ? 'SUB-0001' : (KEYS[kind] ?? 'none');
}

/** Something of a schema: what is required, and the first of what may be chosen. */
function sample(schema: Schema, all: Record<string, Schema>, scene: Scene, name = ''): unknown {
  const ref = nameIn(schema['$ref']);
  if (ref) return sample(all[ref] ?? {}, all, scene, name);
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  if ('const' in schema) return schema['const'];
  const [first] = [schema['anyOf'] ?? schema['oneOf'] ?? []].flat() as Schema[];
  if (first) return sample(first, all, scene, name);
  if (schema['type'] === 'object') return sampleObject(schema, all, scene);
  if (schema['type'] === 'array') return [];
  if (schema['type'] === 'boolean') return true;
  if (schema['type'] === 'integer' || schema['type'] === 'number') return 1;
  return named(name, scene);
}

function sampleObject(schema: Schema, all: Record<string, Schema>, scene: Scene): Schema {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const required = (schema['required'] ?? []) as string[];
  const wanted = [...required, ...Object.keys(properties).filter((name) => name === 'partner')];
  return Object.fromEntries(wanted.map((name) => [name, sample(properties[name] ?? {}, all, scene, name)]));
}

function named(name: string, { home }: Scene): string {
  if (name === 'partner') return home.partner_id;
  if (name === 'currency') return 'USD';
  if (name === 'email') return `new.${home.slug}@people.example`;
  return name.endsWith('_on') || name === 'day' ? day(0) : 'Something';
}

/** The last part of a reference. */
const nameIn = (ref: unknown) => (typeof ref === 'string' ? ref.split('/').at(-1) : undefined);
