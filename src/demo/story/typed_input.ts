import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import type { ContentFields } from '../../document_types/shared/inputs.js';
import { findDocument } from '../../documents/content/document.js';
import { seenOf } from '../../documents/content/seen.js';
import type { Evidence, Input } from '../../acting/context.js';
import { commentOn, documentNamed, lineAt, linesOf, resolveReferences, type StoryLine } from './references.js';
import { dayOf, entry, type Stage } from './stage.js';
import type { Event, Sheet } from './story.js';

/** A draft's content. Lines of an existing document, or of the one it is made from, match by description. */
export async function contentOf(db: Knex, stage: Stage, sheet: Sheet, on?: string): Promise<ContentFields> {
  const { story, people, projects, items } = stage;
  const { title, terms, note, reference, deposit, lines, issued, due, delivery } = sheet;
  const { partial_payments, signature_required, reference_required, tax_included } = sheet;
  const existing = byDescription(on ? await linesOf(db, stage, on) : []);
  const origin = byDescription(sheet.from ? await linesOf(db, stage, sheet.from) : []);
  const day = (days: number | undefined) => (days === undefined ? null : dayOf(story, days));
  return {
    ...{ title, terms, note, reference, partial_payments, signature_required, reference_required, tax_included },
    deposit_percent: deposit,
    ...{ issued_on: dayOf(story, issued), due_on: day(due), delivery_on: day(delivery) },
    project: sheet.project ? entry(projects, sheet.project) : null,
    items: lines.map(({ what }) => items.get(what) ?? null),
    recipients: sheet.to.map((key) => entry(people, key).id),
    lines: lines.map(({ what, group, quantity, unit, price, discount, tax, choice, delivery: by }) => ({
      id: existing.get(what)?.id,
      origin_line: existing.get(what)?.origin_line ?? origin.get(what)?.id ?? null,
      description: what,
      group_name: group,
      ...{ quantity, unit, unit_price: price, discount_percent: discount, ...taxOf(stage, tax) },
      choice: choice === 'optional_off' ? 'optional' : choice,
      picked: choice !== 'optional_off',
      delivery_on: day(by),
    })),
  };
}

/** A percentage, or taxes by their keys. */
export const taxOf = ({ taxes }: Stage, tax: string) =>
  /^[\d.]+$/.test(tax) ? { tax_rate: tax } : { taxes: tax.split('+').map((key) => entry(taxes, key)) };

const byDescription = (lines: StoryLine[]) => new Map(lines.map((line) => [line.description, line]));

/** An event's input: its own, the new content, the picked options, the answers to lines. */
export async function inputOf(db: Knex, stage: Stage, event: Event): Promise<Input> {
  const { on, as, with: given, picks, rows, does, answers, tells } = event;
  const lines = picks || rows ? await linesOf(db, stage, on) : [];
  return {
    ...(await resolveReferences(db, stage, given)),
    ...(as ? { content: await contentOf(db, stage, entry(stage.story.documents, as), on) } : {}),
    ...(answers ? { [does === 'comment' ? 'answers' : 'comment']: await commentOn(db, stage, on, answers) } : {}),
    ...(tells ? { readers: tells.map((key) => entry(stage.people, key).id) } : {}),
    ...(picks ? { choices: picks.map((number) => lineAt(lines, number).id) } : {}),
    ...(rows ? { [does === 'propose' ? 'changes' : 'prices']: lineAnswers(stage, lines, rows) } : {}),
  };
}

const lineAnswers = ({ story }: Stage, lines: StoryLine[], rows: NonNullable<Event['rows']>) =>
  Object.fromEntries(
    rows.map(({ price, quantity, delivery, refused }, index) => [
      lineAt(lines, index + 1).id,
      {
        unit_price: price,
        ...{ quantity, refused },
        delivery_on: delivery === undefined ? undefined : dayOf(story, delivery),
      },
    ]),
  );

/** A reply by email, as a mailbox of the sample people would have proven it. */
const BY_EMAIL: Evidence = {
  mail: { trimmed: '', verified: true, evidence: 'dkim=pass header.i=@maple.example', notices: '' },
};

/** What an event is founded on: a signature's name, and the content that its page shows; or an email. */
export async function evidenceOf(db: Knex, stage: Stage, { on, signature, by_email }: Event): Promise<Evidence> {
  if (!signature) return by_email ? BY_EMAIL : {};
  const system = systemActor(stage.organization_id);
  const id = await documentNamed(db, stage, on);
  const document = await withActor(db, system, (db) => findDocument(db, system, id));
  return { seen: seenOf(document), signature: { name: signature, agreed: true } };
}
