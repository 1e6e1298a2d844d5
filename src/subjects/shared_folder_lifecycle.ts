import { z } from 'zod';
import type { Lifecycle } from '../document_types/index.js';
import { comment } from '../document_types/shared/define_type.js';
import { chosen, requiredFiles } from '../input/fields.js';

/** What its actions change: see shared_files/folder_acts.ts. */
export type FolderEffect = 'comment' | 'share' | 'replace' | 'remove';

const file = chosen('Choose a file.');

/** The files that a partner and the organization share beside their documents. Each partner has one. */
export const sharedFolder: Lifecycle<'open', FolderEffect> = {
  name: 'shared_folder',
  label: 'Shared folder',
  plural: 'Shared files',
  path: 'shared-files',
  module: 'files',
  page: 'shared-files',
  unnumbered: true,
  states: ['open'],
  stateLabels: { open: { label: 'Open', tone: 'good' } },
  actions: {
    share: {
      by: 'either',
      effect: 'share',
      asks: z.object({ files: requiredFiles('Files') }),
      notifies: 'other',
      summary: '{{actor}} shared {{names}}',
    },
    replace: {
      by: 'either',
      effect: 'replace',
      formPage: 'file',
      asks: z.object({ file, files: requiredFiles('New version') }),
      notifies: 'other',
      summary: '{{actor}} shared a new version of {{name}}',
    },
    remove: {
      by: 'either',
      effect: 'remove',
      formPage: 'file',
      asks: z.object({ file }),
      notifies: 'other',
      summary: '{{actor}} removed {{name}}',
    },
    comment: { ...comment, summary: '{{actor}} wrote about shared files' },
    view: { by: 'partner', permission: 'message', once: true, summary: '{{actor}} looked at the shared files' },
  },
};
