import { z } from 'zod';
import type { Action } from '../../document_types/shared/lifecycle.js';
import { day, chosen, field, files, id, longText, requiredFiles, shortText } from '../../input/fields.js';
import { oneLine } from '../../input/valid_input.js';

/** What they change: see projects/details_effects.ts. */
export type DetailsEffect =
  | ('add files' | 'replace file' | 'share file' | 'move file' | 'remove file')
  | ('add log' | 'change log' | 'show log' | 'remove log' | 'remove photo' | 'show logs' | 'take log' | 'tell log')
  | ('take mail' | 'share mail' | 'renew address');

/** So many seconds the emails of a day of the log wait: they have what is added meanwhile. */
const LOG_SECONDS = 600;

/** The name of a folder; '': in none. */
const folder = field(z.string().overwrite(oneLine).max(200, 'Use at most 200 characters.'), 'text', 'Folder');
const file = chosen('Choose a file.');
const log = chosen('Choose a day.');
const checkbox = field(z.boolean(), 'checkbox');

/** What is done with a project's files, its daily log, and what came to its address. */
export const filesActions = {
  add_file: {
    by: 'either',
    permission: 'sharing',
    effect: 'add files',
    formPage: 'details',
    asks: z.object({
      files: requiredFiles('Files'),
      folder: folder.optional(),
      audience: z.enum(['own', 'both'], 'Choose who can open it.').optional(),
    }),
    notifies: 'other',
    summary: '{{actor}} added {{names}} to {{document}}',
  },
  replace_file: {
    by: 'either',
    permission: 'sharing',
    effect: 'replace file',
    formPage: 'file',
    asks: z.object({ file, files: requiredFiles('New version') }),
    notifies: 'other',
    summary: '{{actor}} added a new version of {{name}}',
  },
  share_file: {
    by: 'either',
    permission: 'sharing',
    effect: 'share file',
    formPage: 'file',
    asks: z.object({ file }),
    notifies: 'other',
    summary: '{{actor}} shared {{name}}',
  },
  move_file: {
    by: 'either',
    permission: 'sharing',
    effect: 'move file',
    formPage: 'file',
    asks: z.object({ file, folder: folder.optional() }),
    summary: '{{actor}} moved {{name}} to another folder',
  },
  remove_file: {
    by: 'either',
    permission: 'sharing',
    effect: 'remove file',
    formPage: 'file',
    asks: z.object({ file }),
    notifies: 'other',
    summary: '{{actor}} removed {{name}}',
  },
} as const satisfies Record<string, Action<string, DetailsEffect>>;

const entry = {
  day: field(day, 'date', 'Day'),
  no_work: field(shortText.optional(), 'text', 'Nobody worked because'),
  people: field(shortText.optional(), 'text', 'Who worked'),
  weather: field(shortText.optional(), 'text', 'Weather'),
  text: field(longText.optional(), 'long text', 'What was done'),
  files: field(files, 'files', 'Photos'),
  descriptions: field(longText.optional(), 'long text', 'What the photos show'),
  shown: checkbox,
};

export const logActions = {
  add_log: {
    by: 'staff',
    effect: 'add log',
    formPage: 'log',
    asks: z.object(entry),
    notifies: 'staff',
    waits: LOG_SECONDS,
    visible: 'staff',
    summary: '{{actor}} wrote the log of {{day}}',
  },
  change_log: {
    by: 'staff',
    effect: 'change log',
    formPage: 'log',
    asks: z.object({ ...entry, log }),
    visible: 'staff',
    summary: '{{actor}} changed the log of {{day}}',
  },
  show_log: {
    by: 'staff',
    effect: 'show log',
    formPage: 'log',
    asks: z.object({ log, shown: checkbox }),
    visible: 'staff',
    summary: '{{actor}} changed who sees the log of {{day}}',
  },
  remove_log: {
    by: 'staff',
    effect: 'remove log',
    formPage: 'log',
    asks: z.object({ log }),
    visible: 'staff',
    summary: '{{actor}} removed the log of {{day}}',
  },
  remove_photo: {
    by: 'staff',
    effect: 'remove photo',
    formPage: 'log',
    asks: z.object({ log, photo: chosen('Choose a photo.') }),
    visible: 'staff',
    summary: '{{actor}} removed a photo from the log of {{day}}',
  },
  show_logs: {
    by: 'staff',
    effect: 'show logs',
    formPage: 'log',
    asks: z.object({ shown: checkbox }),
    visible: 'staff',
    summary: '{{actor}} changed who sees new days of the log',
  },
  take_log: {
    by: 'system',
    effect: 'take log',
    asks: z.object({ person: id, text: longText.optional(), files }),
    notifies: 'staff',
    waits: LOG_SECONDS,
    visible: 'staff',
    summary: '{{actor}} emailed the log of {{day}}',
  },
  // Follows for its customer, once it is shown. Whoever wrote it may not be named to them.
  tell_log: {
    by: 'system',
    effect: 'tell log',
    asks: z.object({ log, day }),
    notifies: 'partner',
    waits: LOG_SECONDS,
    summary: 'New in the daily log of {{document}}: {{day}}',
  },
} as const satisfies Record<string, Action<string, DetailsEffect>>;

export const addressActions = {
  take_mail: {
    by: 'either',
    permission: 'message',
    // It comes by email alone: its effect refuses all else.
    effect: 'take mail',
    asks: z.object({ title: shortText.optional(), text: longText.optional(), folder: folder.optional(), files }),
    notifies: 'both',
    needs: 'link',
    summary: '{{actor}} forwarded an email to {{document}}',
  },
  share_mail: {
    by: 'either',
    permission: 'sharing',
    effect: 'share mail',
    formPage: 'details',
    asks: z.object({ mail: chosen('Choose an email.') }),
    notifies: 'other',
    summary: '{{actor}} shared an email: {{title}}',
  },
  renew_address: {
    by: 'staff',
    effect: 'renew address',
    formPage: 'details',
    visible: 'staff',
    summary: '{{actor}} renewed the email address of {{document}}',
  },
} as const satisfies Record<string, Action<string, DetailsEffect>>;
