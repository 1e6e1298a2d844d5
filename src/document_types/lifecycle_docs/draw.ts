import { fieldsIn, isOptional } from '../../input/fields.js';
import type { Action } from '../shared/lifecycle.js';
import type { DocumentType } from '../shared/type.js';

/** The text of docs/lifecycles.md: the states of each type as a diagram, its actions as a table. */
export const drawLifecycles = (types: DocumentType[]): string =>
  [
    '# Lifecycles',
    '',
    'Drawn from `src/document_types` by `npm run lifecycles`; a test keeps it true. ' +
      'What may be done to each type of document, by whom, and what comes of it.',
    ...types.flatMap(draw),
    '',
  ].join('\n');

function draw(type: DocumentType): string[] {
  const actions = Object.entries(type.actions);
  return [
    ...['', `## ${type.label} (\`${type.prefix}\`)`, '', describe(type), ''],
    ...[
      '```mermaid',
      'stateDiagram-v2',
      `  [*] --> ${type.states[0]}`,
      ...actions.flatMap(([name, action]) => arrows(name, action)),
      '```',
      '',
    ],
    ...['| action | by | from | to | asks | tells | sentence |', '|---|---|---|---|---|---|---|'],
    ...actions.map(([name, action]) => row(name, action)),
  ];
}

function describe({ plural, partner, startedBy, addressedTo, answers, billedBy, orderedBy }: DocumentType): string {
  const others = addressedTo === 'several' ? `several ${partner}s at once` : `its ${partner}s`;
  const sentences = [
    `${plural} go between the organization and ${others}; ` +
      (answers ? `sending a \`${answers}\` creates them` : `${startedBy} start them`),
    billedBy && `Billed by \`${billedBy}\``,
    orderedBy && `Ordered by \`${orderedBy}\``,
  ];
  return sentences.filter(Boolean).join('. ') + '.';
}

const targets = ({ to }: Action) => (typeof to === 'object' ? [...new Set(Object.values(to))] : to ? [to] : []);

const arrows = (name: string, action: Action) =>
  (action.from ?? []).flatMap((from) =>
    targets(action)
      .filter((to) => to !== from)
      .map((to) => `  ${from} --> ${to}: ${name}`),
  );

function row(name: string, action: Action): string {
  const asks = fieldsIn(action.asks).map(([name, schema]) => `${name}${isOptional(schema) ? '?' : ''}`);
  const features = [
    action.freezes && 'freezes a version',
    action.attaches && 'attaches the PDF',
    action.needs === 'verified' && 'needs a code',
    action.creates && `makes ${action.creates}`,
  ];
  const notes = features.filter(Boolean).join(', ');
  const cells = [
    name,
    action.by,
    action.from?.join(', ') ?? 'any but draft',
    targets(action).join(' or ') || 'stays',
    asks.join(', '),
    action.notifies ?? '',
    action.summary + (notes ? ` *${notes}*` : ''),
  ];
  return `| ${cells.join(' | ')} |`;
}
