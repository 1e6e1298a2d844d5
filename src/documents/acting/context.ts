import type { MailOrigin } from '../../conversation/comments.js';
import type { Actor } from '../../db/scope.js';
import type { Action } from '../../document_types/index.js';
import type { StoredFile } from '../../files/storage.js';
import type { Document } from '../content/document.js';

/** An action's input, as its schema has it. */
export type Input = Readonly<Record<string, unknown>>;

/** What an act is founded on besides its input. */
export interface Evidence {
  /** The SHA-256 of the content that its author saw. */
  seen?: string;
  /** The name typed as a signature, and whether its author agreed that it binds. */
  signature?: { name: string; agreed: boolean };
  /** The drawing of the signature, in storage. */
  drawing?: StoredFile;
  browser?: { remote_ip: string; user_agent: string };
  /** The email that it came in. */
  mail?: MailOrigin;
}

/** An act in progress, in its transaction. */
export interface ActContext<I = Input> {
  actor: Actor;
  document: Document;
  name: string;
  action: Action;
  input: I;
  files: StoredFile[];
  evidence: Evidence;
  activity_id: string;
}

/** An act on another document that follows from this one, in the same transaction. */
export interface FollowUpAct {
  id: string;
  action: string;
  input?: Input;
  /** 'same' actor, or the id of the person for whom the system acts; left out: the system for nobody. */
  as?: string;
}

/** What an effect decides about the rest of its act. */
export interface EffectResult {
  /** Stored with the activity. */
  details?: Record<string, unknown>;
  /** What is still owed: decides between the branches `open` and `settled`. */
  open?: number;
  /** Which of the states in the action's `to` comes next. */
  branch?: string;
  visible_to?: 'both' | 'staff' | 'partner';
  /** Where the person's browser goes next. */
  redirect?: string;
  comment_id?: string;
  followUps?: FollowUpAct[];
}

/** Whether the content changed, and which of the states in the action's `to` comes next. */
export interface ContentChangeResult {
  changed: boolean;
  branch?: string;
}
