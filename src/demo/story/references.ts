import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import type { Line } from '../../documents/content/content.js';
import { dayOf, entry, type Stage, workdayOf } from './stage.js';
import type { StoryInput } from './story.js';

/** The id of a story's document, started by someone or created by an action. @throws Error if there is none yet */
export async function documentNamed(db: Knex, stage: Stage, key: string): Promise<string> {
  const existing = stage.documents.get(key);
  if (existing) return existing;
  const { from, type, partner } = entry(stage.story.made, key);
  const { organization_id } = stage;
  const where = { organization_id, origin_id: await documentNamed(db, stage, from), type };
  const found = await withActor(db, systemActor(organization_id), (db) =>
    db('documents')
      .where(partner ? { ...where, partner_id: entry(stage.partners, partner) } : where)
      .orderBy('id', 'desc')
      .first<{ id: string } | undefined>('id'),
  );
  if (!found) throw new Error(`The story's "${key}" was not made.`);
  stage.documents.set(key, found.id);
  return found.id;
}

/**
 * The id of a story's project, by its key, of a subscription or an invoice of it ("care/2"), of a partner's shared folder
 * ("folder/maple"), of an event or a task of a project by its title ("event/Walk-through", "task/Order ash"), or of a
 * document.
 */
export async function subjectNamed(db: Knex, stage: Stage, key: string): Promise<string> {
  const [name = '', period] = key.split('/');
  if (name === 'folder' && period) return entry(stage.partners, period);
  if (name === 'event' && period) return eventNamed(db, stage, period);
  if (name === 'task' && period) return taskNamed(db, stage, period, ['task', 'step']);
  const subscription = stage.subscriptions.get(name);
  if (subscription && period) return invoiceOf(db, stage, subscription, Number(period));
  return subscription ?? stage.projects.get(key) ?? documentNamed(db, stage, key);
}

const eventNamed = (db: Knex, { organization_id }: Stage, title: string): Promise<string> =>
  withActor(db, systemActor(organization_id), async (db) => {
    const found = await db('events').where({ organization_id, title }).first<{ id: string } | undefined>('id');
    if (!found) throw new Error(`The story has no event "${title}" yet.`);
    return found.id;
  });

/** The id of a task, step or phase by its title. @throws Error if there is none yet */
export const taskNamed = (
  db: Knex,
  { organization_id }: Stage,
  title: string,
  kinds: readonly string[],
): Promise<string> =>
  withActor(db, systemActor(organization_id), async (db) => {
    const tasks = db('tasks').where({ organization_id, title }).whereIn('kind', kinds);
    const found = await tasks.first<{ id: string } | undefined>('id');
    if (!found) throw new Error(`The story has no task "${title}" yet.`);
    return found.id;
  });

/** The id of a subscription's invoice, by its number from 1. */
const invoiceOf = (db: Knex, { organization_id }: Stage, subscription_id: string, number: number): Promise<string> =>
  withActor(db, systemActor(organization_id), async (db) => {
    const period = { organization_id, subscription_id, period: number - 1 };
    const found = await db('subscription_periods').where(period).first<{ document_id: string } | undefined>();
    if (!found) throw new Error(`The story's subscription has no invoice ${number} yet.`);
    return found.document_id;
  });

/** The newest comment on a subject that begins with these words. @throws Error if there is none yet */
export const commentOn = async (db: Knex, stage: Stage, key: string, words: string): Promise<string> => {
  const subject_id = await subjectNamed(db, stage, key);
  const { organization_id } = stage;
  const found = await withActor(db, systemActor(organization_id), (db) =>
    db('comments')
      .where({ organization_id, subject_id })
      .whereRaw('starts_with(body, ?)', [words])
      .orderBy('id', 'desc')
      .first<{ id: string } | undefined>('id'),
  );
  if (!found) throw new Error(`The story has no comment yet that begins "${words}".`);
  return found.id;
};

/** A line as the story refers to it. */
export type StoryLine = Pick<Line, 'id' | 'description' | 'origin_line'>;

/** The current lines of a document. */
export async function linesOf(db: Knex, stage: Stage, key: string): Promise<StoryLine[]> {
  const where = { organization_id: stage.organization_id, document_id: await documentNamed(db, stage, key) };
  return withActor(db, systemActor(stage.organization_id), (db) =>
    db('lines').where(where).orderBy('position').select<StoryLine[]>('id', 'description', 'origin_line'),
  );
}

/**
 * Resolves "@-3" (a day), "@-3w" (that day, or a weekday near it), "@maya" (a person), "@lamps" (a document) and "@lamps/2" (a line). Other text is returned
 * unchanged.
 */
async function resolveReference(db: Knex, stage: Stage, text: string): Promise<string> {
  const [, day, working, key = '', line] = /^@(?:(-?\d+)(w?)|([a-z0-9_-]+)(?:\/(\d+))?)$/.exec(text) ?? [];
  if (day) return (working ? workdayOf : dayOf)(stage.story, Number(day));
  if (!key) return text;
  if (!line) return stage.people.get(key)?.id ?? documentNamed(db, stage, key);
  return lineAt(await linesOf(db, stage, key), Number(line)).id;
}

/** An event's input with all references in it resolved, in keys and values. */
export async function resolveReferences(db: Knex, stage: Stage, given: StoryInput): Promise<Record<string, unknown>> {
  const resolved: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given))
    resolved[await resolveReference(db, stage, key)] =
      typeof value === 'string'
        ? await resolveReference(db, stage, value)
        : typeof value === 'object'
          ? await resolveReferences(db, stage, value)
          : value;
  return resolved;
}

/** A line by its number, from 1. */
export function lineAt(lines: StoryLine[], number: number): StoryLine {
  const line = lines[number - 1];
  if (!line) throw new Error(`The story refers to line ${number} of ${lines.length}.`);
  return line;
}
