import { type PersonalTable, REASONS } from './personal_table.js';

/** Time that people spent on projects: it is billed, and paid. */
export const timeTables: readonly PersonalTable[] = [
  { name: 'time_rates', deletes: ['person_id'] },
  { name: 'timers', deletes: ['person_id'] },
  { name: 'project_activities', keeps: [{ columns: ['name'], why: REASONS.documents }] },
  {
    name: 'time_entries',
    label: 'Time',
    refers: ['person_id'],
    replaces: { key: ['id'], text: ['note'] },
    keeps: [{ columns: [], why: REASONS.money }],
  },
  {
    name: 'time_costs',
    label: 'Time',
    refers: ['accepted_by'],
    replaces: { key: ['entry_id'], text: ['internal_note'] },
  },
  { name: 'time_days', refers: ['person_id'] },
  { name: 'time_sums', refers: ['person_id'] },
  {
    name: 'time_weeks',
    label: 'Time',
    refers: ['person_id', 'decided_by'],
    replaces: { key: ['person_id', 'week', 'project_id'], text: ['reason'] },
  },
  {
    name: 'time_shares',
    label: 'Time',
    refers: ['person_id'],
    replaces: { key: ['project_id', 'week', 'work_id', 'person_id'], text: ['note'] },
    keeps: [{ columns: ['name', 'trade'], why: REASONS.documents }],
  },
  { name: 'shared_weeks', refers: ['accepted_by', 'questioned_by'] },
];
