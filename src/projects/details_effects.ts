import type { Knex } from 'knex';
import type { Act, Outcome } from '../acting/context.js';
import type { DetailsEffect } from '../subjects/project/details_actions.js';
import { renewAddress, shareMail, takeMail } from './address/mail_effects.js';
import { addFiles, moveFile, removeFile, replaceFile, shareFile } from './files/file_effects.js';
import { addLog, changeLog, removeLog, removePhoto, showLog, showLogs } from './log/log_effects.js';
import { tellLog } from './log/tell_log.js';
import { takeLog } from './log/take_log.js';

type Effect = (db: Knex.Transaction, act: Act) => Promise<Omit<Outcome, 'subject'>>;

/** What acts change in a project's files, its log, and what came to its address. */
export const DETAILS_EFFECTS: Record<DetailsEffect, Effect> = {
  'add files': addFiles,
  'replace file': replaceFile,
  'share file': shareFile,
  'move file': moveFile,
  'remove file': removeFile,
  'add log': addLog,
  'change log': changeLog,
  'show log': showLog,
  'show logs': showLogs,
  'remove log': removeLog,
  'remove photo': removePhoto,
  'take log': takeLog,
  'tell log': tellLog,
  'take mail': takeMail,
  'share mail': shareMail,
  'renew address': renewAddress,
};

/** Whether an effect puts the files of its act where they belong. */
export const keepsFiles = (effect: string | undefined): boolean =>
  effect !== undefined && Object.hasOwn(DETAILS_EFFECTS, effect);
