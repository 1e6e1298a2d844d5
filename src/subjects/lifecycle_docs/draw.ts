import { type DocumentType, type Lifecycle, type SubjectAction, types } from '../../document_types/index.js';
import { fieldsIn, isOptional } from '../../input/fields.js';
import { LIFECYCLES } from '../lifecycles.js';

/** The text of docs/lifecycles.md: the states of each type as a diagram, its actions as a table. */
export const drawLifecycles = (): string =>
  [
    '# Lifecycles',
    '',
    'Drawn from `src/document_types` and `src/subjects` by `npm run lifecycles`; a test keeps it true. ' +
      'What may be done to each kind of subject, by whom, and what comes of it.',
    ...LIFECYCLES.flatMap(draw),
    '',
  ].join('\n');

function draw(lifecycle: Lifecycle): string[] {
  const actions = Object.entries(lifecycle.actions);
  const type = types.find(({ name }) => name === lifecycle.name);
  return [
    ...['', `## ${lifecycle.label}${type ? ` (\`${type.prefix}\`)` : ''}`, ''],
    ...(type ? [describe(type), ''] : []),
    ...[
      '```mermaid',
      'stateDiagram-v2',
      `  [*] --> ${lifecycle.states[0]}`,
      ...actions.flatMap(([name, action]) => arrows(name, action)),
      '```',
      '',
    ],
    ...['| action | by | from | to | asks | tells | sentence |', '|---|---|---|---|---|---|---|'],
    ...actions.map(([name, action]) => row(name, action, lifecycle)),
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

const targets = ({ to }: SubjectAction) => (typeof to === 'object' ? [...new Set(Object.values(to))] : to ? [to] : []);

const arrows = (name: string, action: SubjectAction) =>
  (action.from ?? []).flatMap((from) =>
    targets(action)
      .filter((to) => to !== from)
      .map((to) => `  ${from} --> ${to}: ${name}`),
  );

function row(name: string, action: SubjectAction, { draft }: Lifecycle): string {
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
    action.from?.join(', ') ?? (draft ? `any but ${draft}` : 'any'),
    targets(action).join(' or ') || 'stays',
    asks.join(', '),
    action.notifies ?? '',
    action.summary + (notes ? ` *${notes}*` : ''),
  ];
  return `| ${cells.join(' | ')} |`;
}
