import { accountTables } from './account_tables.js';
import { mailTables } from './mail_tables.js';
import { type PersonalTable, type Reason, REASONS } from './personal_table.js';
import { workTables } from './work_tables.js';

/** Every table of an organization that holds something of a person. A test compares them with the database. */
export const PERSONAL_TABLES: readonly PersonalTable[] = [...accountTables, ...workTables, ...mailTables];

const keeps = PERSONAL_TABLES.flatMap((table) => table.keeps ?? []);

/** Why something of a person stays, each reason once. */
export const KEPT: readonly Reason[] = Object.values(REASONS).filter((reason) =>
  keeps.some(({ why }) => why === reason),
);
