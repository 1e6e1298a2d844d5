import { z } from 'zod';
import { contentInput } from '../../document_types/shared/inputs.js';
import {
  actedShape,
  commentShape,
  documentShape,
  listedDocumentShape,
  moment,
  partnerShape,
  problemShape,
} from '../shapes.js';
import { OPERATIONS } from './operations.js';

type JsonSchema = Record<string, unknown>;

/** Shapes that several operations share, by the names under which the description has them. */
const SHARED: Readonly<Record<string, z.ZodType>> = {
  Problem: problemShape,
  Document: documentShape,
  ListedDocument: listedDocumentShape,
  Partner: partnerShape,
  Comment: commentShape,
  Acted: actedShape,
};

const uri = (id: string) => `#/components/schemas/${id}`;

type Registry = ReturnType<typeof z.registry<{ id: string }>>;

/** All schemas of a registry; of inputs, files are left out: they come beside them. */
function drawn(registry: Registry, io: 'input' | 'output'): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(registry, {
    ...{ uri, io, unrepresentable: 'any' },
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema !== moment) return;
      for (const name of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, name);
      Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
    },
  });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, bare({ ...schema }, io)]));
}

function bare({ $schema: _schema, $id: _id, ...schema }: JsonSchema, io: 'input' | 'output'): JsonSchema {
  const { properties, required } = schema;
  if (io === 'output' || typeof properties !== 'object' || !properties || !('files' in properties)) return schema;
  const { files: _files, ...others } = properties;
  const needed = Array.isArray(required) ? required.filter((name) => name !== 'files') : [];
  return { ...schema, properties: others, required: needed };
}

function inputRegistry(): Registry {
  const registry = z.registry<{ id: string }>();
  registry.add(contentInput, { id: 'Content' });
  for (const { id, input } of OPERATIONS) if (input && !registry.has(input)) registry.add(input, { id: `${id}_input` });
  return registry;
}

function outputRegistry(): Registry {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(SHARED)) registry.add(schema, { id });
  for (const { id, output } of OPERATIONS)
    if (output && !registry.has(output)) registry.add(output, { id: `${id}_output` });
  return registry;
}

/** Every schema by its name, and how an operation refers to one. */
export function describedSchemas() {
  const [inputs, outputs] = [inputRegistry(), outputRegistry()];
  const refer = (registry: Registry) => (schema: z.ZodType) => ({ $ref: uri(registry.get(schema)?.id ?? '') });
  return {
    schemas: { ...drawn(inputs, 'input'), ...drawn(outputs, 'output') },
    inputRef: refer(inputs),
    outputRef: refer(outputs),
    problem: { $ref: uri('Problem') },
  };
}

/** The parameters of a query: each with its name, and whether it must be there. */
export function queryParameters(schema: z.ZodType): JsonSchema[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, rule]) => ({ name, in: 'query', required: false, schema: rule }));
}
