import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { root } from '../../src/config.js';
import { insertersOf, writersOf } from '../support/writers.js';

const sources = new Map(
  readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(root, path), readFileSync(path, 'utf8')]),
);

test('a second writer is found, however it writes', () => {
  const writers = [
    `await db('documents').where({ id }).update({ state });`,
    `await db<Row>("documents as d")\n  .where({ id })\n  .del();`,
    `const rows = db('documents'); await rows.where({ id }).update({ state });`,
    `let rows = db('documents').where({ id });\nif (late) rows = rows.where({ late });\nawait rows.delete();`,
    `const mine = (db: Knex) => db('documents').where({ person_id });\nawait mine(db).update({ state });`,
    `export function mine(db: Knex) {\n  const all = db('documents');\n  return all;\n}\nawait mine(db).where({ id }).increment('version');`,
    `await db.from('documents').where({ id }).update({ state });`,
    `await db.insert({ id }).into('documents');`,
    `await db.batchInsert('documents', rows);`,
    'await db.raw(`update documents set state = ? where id = ?`, [state, id]);',
    `await db.raw('UPDATE "documents" d SET state = ?', [state]);`,
    `await db.raw('with gone as (delete from only documents where id = ? returning *) select * from gone', [id]);`,
    `await pool.query("insert into public.documents (id) select $1", [id]);`,
    'await db.raw(`truncate table documents`);',
  ];
  for (const source of writers) assert.deepEqual(writersOf('documents', new Map([['x.ts', source]])), ['x.ts'], source);
});

test('a builder that another file makes is found where it is changed', () => {
  const files = new Map([
    ['a.ts', `export function visibleTo(db: Knex) {\n  return db('documents as d').where({ id });\n}`],
    ['b.ts', `await visibleTo(db, actor).update({ state });`],
  ]);
  assert.deepEqual(writersOf('documents', files), ['b.ts']);
});

test('who only reads is no writer', () => {
  const readers = [
    `await db('documents').where({ id }).select('state');`,
    `await db('document_types').update({ name });`,
    `await db.raw('select from documents where id = ? for update', [id]);`,
    `const rows = await db('documents').select();\nconst hash = createHash('sha256').update(text);`,
    `// update documents: see act.ts\nconst states = { update: 'documents' };`,
    `const one = db('documents').where({ id });\nawait one.first();\nawait db('files').insert(file);`,
  ];
  for (const source of readers) assert.deepEqual(writersOf('documents', new Map([['x.ts', source]])), [], source);
});

test('nothing changes a subject but `act` and what it calls', () => {
  // Their rows in `subjects` are written by triggers alone.
  assert.deepEqual(writersOf('subjects', sources), []);
  assert.deepEqual(writersOf('projects', sources), [
    'src/projects/log/log_effects.ts',
    'src/projects/project.ts',
    'src/projects/project_effects.ts',
    'src/projects/time/time_terms.ts',
  ]);
  assert.deepEqual(writersOf('tasks', sources), [
    'src/people/data_rights/erase_person.ts',
    'src/projects/schedule/set_baseline.ts',
    'src/projects/schedule/share_tasks.ts',
    'src/projects/tasks/add_task.ts',
    'src/projects/tasks/place_task.ts',
    'src/projects/tasks/task_acts.ts',
  ]);
  assert.deepEqual(writersOf('events', sources), [
    'src/projects/events/event_acts.ts',
    'src/projects/events/insert_event.ts',
    'src/projects/events/save_occurrences.ts',
  ]);
  assert.deepEqual(writersOf('documents', sources), [
    'src/documents/approvals/approvals.ts',
    'src/documents/content/content_store.ts',
    'src/documents/content/version.ts',
    'src/documents/document_acts.ts',
    'src/documents/drafts/create.ts',
    'src/documents/effects/billing.ts',
    'src/documents/effects/proposing.ts',
    'src/payments/reminders/dispute.ts',
    'src/payments/reminders/payment_promise.ts',
    'src/projects/time/billing/bill_time.ts',
  ]);
});

test('what `act` calls to change a subject is called by nobody else', () => {
  const inner =
    /from '[^']*(documents\/(document_acts|effects\/\w+|content\/(content_store|version))|project_(acts|effects))\.js'/;
  const callers = [...sources].filter(
    ([file, source]) =>
      !/^src\/(act\.ts|documents\/|projects\/|subscriptions\/)/.test(file) &&
      inner.test(source.replace(/^import type .*$/gm, '')),
  );
  assert.deepEqual(
    callers.map(([file]) => file),
    [],
  );
});

test('activities, notifications, emails and ledger entries are each inserted in one place', () => {
  const places = {
    activities: ['src/activity/record.ts'],
    notifications: ['src/activity/notify.ts'],
    emails: ['src/mail/outbox/queue.ts'],
    ledger_entries: ['src/payments/ledger/ledger.ts'],
  };
  for (const [table, files] of Object.entries(places)) assert.deepEqual(insertersOf(table, sources), files, table);
});
