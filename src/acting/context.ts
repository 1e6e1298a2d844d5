import type { Knex } from 'knex';
import type { Participant } from '../activity/notify.js';
import type { EmailedAnswer, MailOrigin } from '../conversation/comments.js';
import type { Actor } from '../db/scope.js';
import type { SubjectAction } from '../document_types/index.js';
import type { StoredFile } from '../files/storage.js';
import type { SubjectFacts } from '../subjects/may.js';
import type { SentForm } from './sent_forms.js';

/** What is acted on, with the facts that its actions depend on. */
export interface Subject extends SubjectFacts {
  organization_id: string;
  id: string;
  partner_id: string | null;
  /** How often its content was sent; 0 if it has none. */
  version: number;
  /** The SHA-256 of its content. */
  sha256: string;
  /** What a page shows of it, for what is decided there; '' where nothing is. */
  seen: string;
}

/** An action's input, as its schema has it. */
export type Input = Readonly<Record<string, unknown>>;

/** What an act is founded on besides its input. */
export interface Evidence {
  /** What its author saw, as the page says it; '' if they don't say. Left out by code of ours that has just read it. */
  seen?: string;
  /** What its author saw to be open, for an act that moves money; in minor units. */
  open?: number;
  /** The name typed as a signature, and whether its author agreed that it binds. */
  signature?: { name: string; agreed: boolean };
  /** The drawing of the signature, in storage. */
  drawing?: StoredFile;
  browser?: { remote_ip: string; user_agent: string };
  /** The email that it came in, and what that answers. */
  mail?: MailOrigin;
  answers?: EmailedAnswer;
  /** The form that it came by: it is done once. */
  form?: SentForm | undefined;
}

/** An act in progress, in its transaction. */
export interface Act<I = Input> {
  actor: Actor;
  subject: Subject;
  name: string;
  action: SubjectAction;
  input: I;
  files: StoredFile[];
  evidence: Evidence;
  activity_id: string;
  /** Who took part when it began, if it changes nothing of that. */
  participants?: readonly Participant[] | undefined;
}

/** An act on another subject that follows from this one, in the same transaction. */
export interface FollowUpAct {
  id: string;
  action: string;
  input?: Input;
  /** 'same' actor, or the id of the person for whom the system acts; left out: the system for nobody. */
  as?: string;
}

/** What an act changed. */
export interface Outcome {
  /** The subject afterwards. */
  subject: Subject;
  /** Stored with the activity. */
  details?: Record<string, unknown>;
  visible_to?: 'both' | 'staff' | 'partner';
  /** People take part from now on who didn't before. */
  joined?: boolean;
  comment_id?: string | null;
  /** Who is told, where that is not only who takes part now. */
  participants?: readonly Participant[] | undefined;
  /** What was created from the subject. */
  created_id?: string | null;
  /** Where the person's browser goes next. */
  payment_id?: string;
  followUps?: FollowUpAct[];
}

/** A subject that is locked by an act's transaction, and what acts do to it. */
export interface OpenSubject {
  subject: Subject;
  /** @throws Stale if what the page showed is no longer so, Invalid if an act that binds doesn't say what that was */
  refuseStale(shown: Pick<Evidence, 'seen' | 'open'>, action: SubjectAction): Promise<void>;
  /** Changes it, as the system actor. @throws Invalid, Conflict */
  perform(act: Act): Promise<Outcome>;
}

/** Opens a subject of one family, as the actor may see it; null if they see none of this family. */
export type OpenSubjects = (db: Knex.Transaction, actor: Actor, id: string) => Promise<OpenSubject | null>;
