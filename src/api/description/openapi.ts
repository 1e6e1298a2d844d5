import { describedSchemas, queryParameters } from './json_schemas.js';
import { type Operation, OPERATIONS } from './operations.js';

type Part = Record<string, unknown>;

const INFO = {
  title: 'Parley',
  version: '1',
  description:
    'What people do on Parley’s pages, for programs. Amounts are integers in minor units of their currency, decimals are strings, days are ISO 8601. Errors are problem details (RFC 9457).',
};

const PARAMETERS: Readonly<Record<string, Part>> = {
  key: { description: 'The number, such as INV-0042; of a draft, its id', schema: { type: 'string' } },
  partner: { schema: { type: 'string', format: 'uuid' } },
  file: { schema: { type: 'string', format: 'uuid' } },
};

const IDEMPOTENCY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Sent again with the same body, the request is done once and answered as before.',
  schema: { type: 'string', minLength: 8, maxLength: 200 },
};

const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'The ETag of the document that you decided on. 428 without it where it is needed, 412 if it changed.',
  schema: { type: 'string' },
};

let made: string | null = null;

/** The description of the API (OpenAPI 3.1) as JSON, made once from the schemas that it works by. */
export function openApi(): string {
  made ??= JSON.stringify(describe());
  return made;
}

function describe() {
  const drawn = describedSchemas();
  const paths: Record<string, Part> = {};
  for (const operation of OPERATIONS)
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(operation, drawn) };
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    tags: [...new Set(OPERATIONS.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: drawn.schemas,
    },
  };
}

function described(operation: Operation, { outputRef, inputRef, problem }: ReturnType<typeof describedSchemas>): Part {
  const { id, tag, summary, scope, output, input, files = false, status = 200 } = operation;
  const json = (schema: Part) => ({ 'application/json': { schema } });
  const body = input && { content: { ...json(inputRef(input)), ...(files ? FORM : {}) } };
  const answer = output ? json(outputRef(output)) : { '*/*': { schema: {} } };
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: scope ? `Takes the scope ${scope}.` : 'Takes a token of any scope.',
    parameters: parametersOf(operation),
    ...(body ? { requestBody: body } : {}),
    responses: {
      [status]: { description: 'Done', content: answer },
      '4XX': { description: 'What is wrong', content: { 'application/problem+json': { schema: problem } } },
    },
  };
}

/** The same JSON as the field `input`, beside the files. */
const FORM = {
  'multipart/form-data': {
    schema: {
      type: 'object',
      properties: {
        input: { type: 'string', description: 'The JSON of the body' },
        files: { type: 'array', items: { type: 'string', format: 'binary' } },
      },
    },
  },
};

function parametersOf({ path, method, query, decides = false }: Operation): Part[] {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    ...{ name, in: 'path', required: true },
    ...PARAMETERS[name],
  }));
  return [
    ...named,
    ...(query ? queryParameters(query) : []),
    ...(method === 'post' ? [IDEMPOTENCY] : []),
    ...(decides ? [IF_MATCH] : []),
  ];
}
