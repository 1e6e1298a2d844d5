import type { CalendarEvent } from './formats/calendar.js';
import type { Bounce } from './automated/bounce.js';
import type { Reply } from '../reply.js';
import type { Sender } from './sender/from_header.js';
import type { Trust } from './sender/trusted.js';

/** A file that came with a message. */
export interface MailAttachment {
  /** Unique in the message. No folder, no control or direction characters, at most 200 bytes of UTF-8. */
  readonly filename: string;
  /** As declared by the sender: detect the real type before showing the file. */
  readonly content_type: string;
  readonly content: Buffer;
  /** Whether it is shown within the text. */
  readonly inline: boolean;
}

/** The result of checking whether the From address is genuine. */
export interface Authentication {
  readonly verified: boolean;
  /** DNS failed: trying again later may change the result. */
  readonly temporary: boolean;
  /** It failed, and the domain asks to distrust mail that does (DMARC p=quarantine or reject). */
  readonly forged: boolean;
  /** The results of SPF, DKIM and DMARC in one line. */
  readonly evidence: string;
}

/** A parsed message. Strings contain no NUL and no lone surrogates, which PostgreSQL can't store. */
export interface ReadMail {
  /** With angle brackets; derived from the message's hash if it has none. */
  readonly message_id: string;
  readonly in_reply_to: string | null;
  /** The last 32. */
  readonly references: readonly string[];
  /** Null if missing, malformed or in the future. */
  readonly date: Date | null;
  /** Unfolded, at most 255 characters. */
  readonly subject: string;
  /** Null if From is missing or malformed; `from_problem` then gives the reason. */
  readonly from: Sender | null;
  readonly from_problem: string | null;
  /** Recipients, most trustworthy first: envelope, Delivered-To, X-Original-To, Envelope-To, To, Cc. */
  readonly recipients: readonly string[];
  /** Why it counts as automatic; null if a person wrote it. */
  readonly automatic: string | null;
  /** Why it counts as bulk mail, unless it is a person's answer; null if nothing says so. */
  readonly bulk: string | null;
  readonly bounce: Bounce | null;
  readonly reply: Reply;
  readonly attachments: readonly MailAttachment[];
  /** Its text is not typed: its sender only pressed a button. */
  readonly pressed: boolean;
  /** The attached calendar invitation, if any. It is never accepted automatically. */
  readonly event: CalendarEvent | null;
  /** Sentences for staff and the sender, such as that it is encrypted or shortened, or which files were left out. */
  readonly notices: readonly string[];
  readonly authentication: Authentication;
}

/** Domains with the IP addresses that may send for them, used instead of DNS. */
export type Zone = Readonly<Record<string, { readonly ips: readonly string[] }>>;

/** What we know about a message besides its bytes. Can be passed to a worker thread. */
export interface ReadingContext {
  readonly remote_ip: string | null;
  readonly helo: string | null;
  /** The envelope sender; '' for the null path, null if unknown. */
  readonly mail_from: string | null;
  readonly recipient: string | null;
  /** The email being answered and others before it, and how the sender's earlier messages ended (see ReplyContext). */
  readonly answered?:
    { readonly text?: string; readonly others?: readonly string[]; readonly tails?: readonly string[] } | undefined;
  readonly dns: 'system' | Zone;
  readonly trust?: Trust;
}
