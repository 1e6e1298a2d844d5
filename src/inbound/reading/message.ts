import type { CalendarEvent } from './formats/calendar.js';
import type { Bounce } from './automated/bounce.js';
import type { Reply } from '../reply.js';
import type { Sender } from './sender/from_header.js';
import type { Trust } from './sender/trusted.js';

/** A file that came with a message. */
export interface MailAttachment {
  /**
   * Base name alone, and no other file's: no folder, no control or direction characters, at most 200 bytes of UTF-8.
   */
  readonly filename: string;
  /** As the message declares it. What the bytes are must be found out before they are shown. */
  readonly content_type: string;
  readonly content: Buffer;
  /** Whether the text shows it in place. */
  readonly inline: boolean;
}

/** Whether the sender is who From says. */
export interface Authentication {
  readonly verified: boolean;
  /** DNS did not answer: asking again later may change the result. */
  readonly temporary: boolean;
  /** The domain says that mail which fails these checks is not its own (DMARC p=quarantine or reject). */
  readonly forged: boolean;
  /** The findings of SPF, DKIM and DMARC in one line. */
  readonly evidence: string;
}

/** Everything a message says, as data. Strings hold no NUL and no half characters. */
export interface ReadMail {
  /** With its angle brackets; made from the message's hash when it has none. */
  readonly message_id: string;
  readonly in_reply_to: string | null;
  /** The last 32. */
  readonly references: readonly string[];
  /** Null when missing, malformed or in the future. */
  readonly date: Date | null;
  /** Unfolded, at most 255 characters. */
  readonly subject: string;
  /** Null when From is malformed; `from_problem` then says how. */
  readonly from: Sender | null;
  readonly from_problem: string | null;
  /** Where it was sent, most trustworthy first: envelope, Delivered-To, X-Original-To, Envelope-To, To, Cc. */
  readonly recipients: readonly string[];
  /** Why it was written by a machine; null for a person's. */
  readonly automatic: string | null;
  readonly bounce: Bounce | null;
  readonly reply: Reply;
  readonly attachments: readonly MailAttachment[];
  /** An invitation that came with it, as plain facts. Nothing is ever accepted by itself. */
  readonly event: CalendarEvent | null;
  /**
   * What staff and its sender should know, in plain words: that it is encrypted, that it is cut, which files were
   * left out.
   */
  readonly notices: readonly string[];
  readonly authentication: Authentication;
}

/** Domains and the addresses that may send for them, in place of DNS. */
export type Zone = Readonly<Record<string, { readonly ips: readonly string[] }>>;

/** What is known of a message besides its bytes. All of it can be passed to another thread. */
export interface ReadingContext {
  readonly remote_ip: string | null;
  readonly helo: string | null;
  /** The envelope's sender; '' for the null path, null when unknown. */
  readonly mail_from: string | null;
  readonly recipient: string | null;
  /** The message that is being answered, if it is known; and how earlier ones of the same sender ended. */
  readonly answered?:
    { readonly text?: string; readonly subject?: string; readonly tails?: readonly string[] } | undefined;
  readonly dns: 'system' | Zone;
  readonly trust?: Trust;
}
