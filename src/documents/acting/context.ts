import type { Attachments } from '../../conversation/comments.js';
import type { Actor } from '../../db/scope.js';
import type { Action } from '../../document_types/index.js';
import type { Answers } from './form_input.js';
import type { Document } from '../content/document.js';
import type { Draft } from '../drafts/parse_draft.js';

/** An act under way: everything that is known of it, inside its transaction. */
export interface ActContext {
  actor: Actor;
  document: Document;
  name: string;
  action: Action;
  answers: Answers;
  draft?: Draft;
  attachments: Attachments;
  activity_id: string;
  input: Record<string, unknown>;
}

/** Another act that follows from this one, in the same transaction: by the house, unless the same person does it. */
export interface FollowUpAct {
  id: string;
  action: string;
  input?: Record<string, unknown>;
  /** The same person, or (by id) a person on whose behalf the house does it. */
  as?: string;
}

/**
 * What came of an effect: details to keep with the activity, which way the state goes on, who may see it, where to go
 * on, what follows.
 */
export interface EffectResult {
  details?: Record<string, unknown>;
  /** What is still owed: decides between `open` and `settled`. */
  open?: number;
  branch?: string;
  visible_to?: 'both' | 'staff' | 'partner';
  redirect?: string;
  followUps?: FollowUpAct[];
}

/**
 * What came of a change: whether the content is another now, and which way the state goes on (see `to` of an action).
 */
export interface ContentChangeResult {
  changed: boolean;
  branch?: string;
}
