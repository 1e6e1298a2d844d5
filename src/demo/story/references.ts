import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import type { Line } from '../../documents/content/content.js';
import { dayOf, entry, type Stage } from './stage.js';

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
 * Resolves "@-3" (a day), "@lamps" (a document) and "@lamps/2" (a line), alone or at the end of a field's name. Other
 * text is returned unchanged.
 */
export async function resolveReference(db: Knex, stage: Stage, text: string): Promise<string> {
  const [, prefix = '', day, key = '', line] = /^([a-z]+_)?@(?:(-?\d+)|([a-z0-9_-]+)(?:\/(\d+))?)$/.exec(text) ?? [];
  if (day) return prefix + dayOf(stage.story, Number(day));
  if (!key) return text;
  if (!line) return prefix + (await documentNamed(db, stage, key));
  return prefix + lineAt(await linesOf(db, stage, key), Number(line)).id;
}

/** A line by its number, from 1. */
export function lineAt(lines: StoryLine[], number: number): StoryLine {
  const line = lines[number - 1];
  if (!line) throw new Error(`The story refers to line ${number} of ${lines.length}.`);
  return line;
}
