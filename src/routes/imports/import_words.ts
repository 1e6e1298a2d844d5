import type { ImportKind } from '../../imports/import_kinds.js';
import type { ImportState } from '../../imports/import_store.js';

export const KIND_LABELS: Readonly<Record<ImportKind, string>> = {
  partners: 'Partners and contacts',
  items: 'Items',
};

/** Where an import is, for its list and its page. */
export const STATE_LABELS: Readonly<Record<ImportState, string>> = {
  reading: 'Reading the file…',
  matching: 'Match the columns',
  checking: 'Checking the rows…',
  checked: 'Ready to import',
  running: 'Importing…',
  done: 'Imported',
  undoing: 'Undoing…',
  undone: 'Undone',
  failed: 'Couldn’t be read',
};
