import type { Act, FollowUpAct, Input } from '../../acting/context.js';
import type { Document } from '../content/document.js';

/** An act on a document, in its transaction. */
export interface ActContext<I = Input> extends Act<I> {
  document: Document;
}

/** What an effect decides about the rest of its act. */
export interface EffectResult {
  /** Stored with the activity. */
  details?: Record<string, unknown>;
  /** What is still owed: decides between the branches `open` and `settled`. */
  open?: number;
  /** What it changed in the document's row. */
  document?: Partial<Pick<Document, 'differences'>>;
  /** Which of the states in the action's `to` comes next. */
  branch?: string;
  visible_to?: 'both' | 'staff' | 'partner';
  /** The payment that was started. */
  payment_id?: string;
  comment_id?: string | null;
  followUps?: FollowUpAct[];
}

/** Whether the content changed, and which of the states in the action's `to` comes next. */
export interface ContentChangeResult {
  changed: boolean;
  branch?: string;
}
