/** Stand in a table's data for what takes the place of the person's name and address. */
export const [NAME, ADDRESS] = ['{name}', '{address}'];

/** Why something stays when a person is erased: a sentence of the report. */
export type Reason = (typeof REASONS)[keyof typeof REASONS];

export const REASONS = {
  signatures: 'Signatures and signed documents: they prove what was agreed.',
  documents: 'Documents and their versions, as they were sent, with their PDFs.',
  money: 'The ledger and payments: bookkeeping has to keep them.',
  words: 'What was written in messages, apart from names and addresses. First names in running text stay.',
  files: 'The contents of files.',
  partner: 'The details of the company itself, and where it is paid.',
  originals: 'Messages of other people as they arrived, until they are deleted after some weeks.',
  organization: 'What the organization says of itself: its address, its standard texts and terms.',
} as const;

/** A table that holds something of a person, and what becomes of it when they are erased. */
export interface PersonalTable {
  name: string;
  /** What its rows are called in the report, if any of them changes. */
  label?: string;
  /** Ids of people and users, which stay: the row that they name says nothing any more. */
  refers?: readonly string[];
  /** Rows in which one of these columns is the person are deleted. */
  deletes?: readonly string[];
  /** In rows that are theirs by `by`, these get another value. */
  blanks?: { by: string; values: Readonly<Record<string, string | null>> };
  /** In all rows of the organization, names and addresses are replaced in these. */
  replaces?: {
    /** What a row is found by, besides its organization: the rest of the primary key. */
    key: readonly string[];
    text: readonly string[];
    json?: readonly string[];
  };
  /** What stays as it is, and why. */
  keeps?: readonly { columns: readonly string[]; why: Reason }[];
}
