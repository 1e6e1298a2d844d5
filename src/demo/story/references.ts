import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import type { Line } from '../../documents/content/content.js';
import { dayOf, type Stage, require } from './stage.js';

/** The id of the document that the story calls `key`: one that somebody began, or one that an act has made. */
export async function documentNamed(db: Knex, stage: Stage, key: string): Promise<string> {
  const known = stage.documents.get(key);
  if (known) return known;
  const { from, type, partner } = require(stage.story.made, key);
  const { organization_id } = stage;
  const where = { organization_id, origin_id: await documentNamed(db, stage, from), type };
  const found = await withActor(db, systemActor(organization_id), (db) =>
    db('documents')
      .where(partner ? { ...where, partner_id: require(stage.partners, partner) } : where)
      .orderBy('id', 'desc')
      .first<{ id: string } | undefined>('id'),
  );
  if (!found) throw new Error(`The story's "${key}" was not made.`);
  stage.documents.set(key, found.id);
  return found.id;
}

/** A line by what the story knows of it. */
export type Named = Pick<Line, 'id' | 'description' | 'origin_line'>;

/** The lines of a document as they stand. */
export async function linesNamed(db: Knex, stage: Stage, key: string): Promise<Named[]> {
  const where = { organization_id: stage.organization_id, document_id: await documentNamed(db, stage, key) };
  return withActor(db, systemActor(stage.organization_id), (db) =>
    db('lines').where(where).orderBy('position').select<Named[]>('id', 'description', 'origin_line'),
  );
}

/**
 * What "@-3" (a day), "@lamps" (a document) and "@lamps/2" (a line) stand for, alone or at the end of a field's name;
 * other words for themselves.
 */
export async function resolveReference(db: Knex, stage: Stage, words: string): Promise<string> {
  const [, before = '', day, key = '', line] = /^([a-z]+_)?@(?:(-?\d+)|([a-z0-9_-]+)(?:\/(\d+))?)$/.exec(words) ?? [];
  if (day) return before + dayOf(stage.story, Number(day));
  if (!key) return words;
  if (!line) return before + (await documentNamed(db, stage, key));
  return before + numbered(await linesNamed(db, stage, key), Number(line)).id;
}

/** A line by its number, from 1. */
export function numbered(lines: Named[], number: number): Named {
  const line = lines[number - 1];
  if (!line) throw new Error(`The story speaks of line ${number} of ${lines.length}.`);
  return line;
}
