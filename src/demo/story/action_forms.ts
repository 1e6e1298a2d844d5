import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import { documentNamed, lineAt, linesOf, resolveReference, type StoryLine } from './references.js';
import { dayOf, entry, type Stage } from './stage.js';
import type { Event, Sheet } from './story.js';

type Form = Record<string, string | string[]>;

/** A draft's form, filled in. Lines of an existing document, or of the one it is made from, match by description. */
export async function draftFormOf(db: Knex, stage: Stage, sheet: Sheet, on?: string): Promise<Form> {
  const { story, people, projects } = stage;
  const { title, terms, note, reference, deposit, lines } = sheet;
  const day = (days: number | undefined) => (days === undefined ? '' : dayOf(story, days));
  const existing = byDescription(on ? await linesOf(db, stage, on) : []);
  const origin = byDescription(sheet.from ? await linesOf(db, stage, sheet.from) : []);
  return {
    ...{ title, terms, note, reference, deposit_percent: deposit },
    ...{ issued_on: dayOf(story, sheet.issued), due_on: day(sheet.due), delivery_on: day(sheet.delivery) },
    ...switches(sheet),
    project: sheet.project && entry(projects, sheet.project),
    recipient: sheet.to.map((key) => entry(people, key).id),
    line_id: lines.map(({ what }) => existing.get(what)?.id ?? ''),
    line_origin: lines.map(({ what }) => existing.get(what)?.origin_line ?? origin.get(what)?.id ?? ''),
    line_group: lines.map(({ group }) => group),
    line_description: lines.map(({ what }) => what),
    line_quantity: lines.map(({ quantity }) => quantity),
    line_unit: lines.map(({ unit }) => unit),
    line_price: lines.map(({ price }) => price),
    line_discount: lines.map(({ discount }) => discount),
    line_tax: lines.map(({ tax }) => tax),
    line_choice: lines.map(({ choice }) => choice),
    line_delivery: lines.map(({ delivery }) => day(delivery)),
  };
}

const byDescription = (lines: StoryLine[]) => new Map(lines.map((line) => [line.description, line]));

const SWITCHES = ['partial_payments', 'signature_required', 'reference_required', 'tax_included'] as const;
const switches = (sheet: Sheet): Form => Object.fromEntries(SWITCHES.map((name) => [name, sheet[name] ? 'on' : '']));

/** An action's form, filled in: its fields, selected options, answers to lines, and signature. */
export async function actionFormOf(db: Knex, stage: Stage, { on, with: typed, picks, rows }: Event): Promise<Form> {
  const form: Form = {};
  for (const [name, value] of Object.entries(typed))
    form[await resolveReference(db, stage, name)] = await resolveReference(db, stage, value);
  const lines = picks || rows ? await linesOf(db, stage, on) : [];
  if (picks) Object.assign(form, { choices: '1', pick: picks.map((number) => lineAt(lines, number).id) });
  if (rows) Object.assign(form, lineAnswers(stage, lines, rows));
  if (form['signature']) Object.assign(form, { agree: 'on', seen: await contentHash(db, stage, on) });
  return form;
}

const lineAnswers = ({ story }: Stage, lines: StoryLine[], rows: NonNullable<Event['rows']>): Form => ({
  line_id: rows.map((_, index) => lineAt(lines, index + 1).id),
  line_price: rows.map(({ price }) => price),
  line_quantity: rows.map(({ quantity }) => quantity),
  line_delivery: rows.map(({ delivery }) => (delivery === undefined ? '' : dayOf(story, delivery))),
  refused: rows.flatMap(({ refused }, index) => (refused ? lineAt(lines, index + 1).id : [])),
});

/** The hash of the document's content, which its page includes for the signature. */
async function contentHash(db: Knex, stage: Stage, on: string): Promise<string> {
  const where = { organization_id: stage.organization_id, id: await documentNamed(db, stage, on) };
  return withActor(
    db,
    systemActor(stage.organization_id),
    async (db) => (await db('documents').where(where).first('sha256')).sha256,
  );
}
