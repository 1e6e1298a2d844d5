import type { Attachments } from '../../conversation/comments.js';
import type { Actor } from '../../db/scope.js';
import type { Action } from '../../document_types/index.js';
import type { Answers } from './form_input.js';
import type { Document } from '../content/document.js';
import type { Draft } from '../drafts/parse_draft.js';

/** An act in progress, in its transaction. */
export interface ActContext {
  actor: Actor;
  document: Document;
  name: string;
  action: Action;
  /** The input that its action asks for, parsed. */
  answers: Answers;
  draft?: Draft;
  attachments: Attachments;
  activity_id: string;
  /** The input as it came. */
  input: Record<string, unknown>;
}

/** An act on another document that follows from this one, in the same transaction. */
export interface FollowUpAct {
  id: string;
  action: string;
  input?: Record<string, unknown>;
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
  followUps?: FollowUpAct[];
}

/** Whether the content changed, and which of the states in the action's `to` comes next. */
export interface ContentChangeResult {
  changed: boolean;
  branch?: string;
}
