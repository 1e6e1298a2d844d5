import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import { documentNamed, linesNamed, resolveReference, type Named, numbered } from './references.js';
import { dayOf, type Stage, require } from './stage.js';
import type { Event, Sheet } from './story.js';

type Form = Record<string, string | string[]>;

/**
 * The fields of a draft's form, filled in; for a document that is there already, its lines are known again by their
 * words.
 */
export async function draftFormOf(db: Knex, stage: Stage, sheet: Sheet, on?: string): Promise<Form> {
  const { story, people, projects } = stage;
  const { title, terms, note, reference, deposit, lines } = sheet;
  const day = (days: number | undefined) => (days === undefined ? '' : dayOf(story, days));
  const known = byWords(on ? await linesNamed(db, stage, on) : []);
  const origin = byWords(sheet.from ? await linesNamed(db, stage, sheet.from) : []);
  return {
    ...{ title, terms, note, reference, deposit_percent: deposit },
    ...{ issued_on: dayOf(story, sheet.issued), due_on: day(sheet.due), delivery_on: day(sheet.delivery) },
    ...switches(sheet),
    project: sheet.project && require(projects, sheet.project),
    recipient: sheet.to.map((key) => require(people, key).id),
    line_id: lines.map(({ what }) => known.get(what)?.id ?? ''),
    line_origin: lines.map(({ what }) => known.get(what)?.origin_line ?? origin.get(what)?.id ?? ''),
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

const byWords = (lines: Named[]) => new Map(lines.map((line) => [line.description, line]));

const SWITCHES = ['partial_payments', 'signature_required', 'reference_required', 'tax_included'] as const;
const switches = (sheet: Sheet): Form => Object.fromEntries(SWITCHES.map((name) => [name, sheet[name] ? 'on' : '']));

/**
 * What was typed into an action's form: its fields, the options that were ticked, the answers line by line, a
 * signature.
 */
export async function actionFormOf(db: Knex, stage: Stage, { on, with: typed, picks, rows }: Event): Promise<Form> {
  const form: Form = {};
  for (const [name, value] of Object.entries(typed))
    form[await resolveReference(db, stage, name)] = await resolveReference(db, stage, value);
  const lines = picks || rows ? await linesNamed(db, stage, on) : [];
  if (picks) Object.assign(form, { choices: '1', pick: picks.map((number) => numbered(lines, number).id) });
  if (rows) Object.assign(form, answered(stage, lines, rows));
  if (form['signature']) Object.assign(form, { agree: 'on', seen: await seen(db, stage, on) });
  return form;
}

const answered = ({ story }: Stage, lines: Named[], rows: NonNullable<Event['rows']>): Form => ({
  line_id: rows.map((_, index) => numbered(lines, index + 1).id),
  line_price: rows.map(({ price }) => price),
  line_quantity: rows.map(({ quantity }) => quantity),
  line_delivery: rows.map(({ delivery }) => (delivery === undefined ? '' : dayOf(story, delivery))),
  refused: rows.flatMap(({ refused }, index) => (refused ? numbered(lines, index + 1).id : [])),
});

/** What stands in the document now, as its page tells it to whoever signs. */
async function seen(db: Knex, stage: Stage, on: string): Promise<string> {
  const where = { organization_id: stage.organization_id, id: await documentNamed(db, stage, on) };
  return withActor(
    db,
    systemActor(stage.organization_id),
    async (db) => (await db('documents').where(where).first('sha256')).sha256,
  );
}
