/** A message as it lies in somebody's mailbox: what mail programs make conversations from. */
export interface Mail {
  message_id: string;
  /** As in the header: an id, perhaps with words around it; '' if there is none. */
  in_reply_to: string;
  references: readonly string[];
  subject: string;
  date: Date;
}

/** Conversations of a mailbox, each in the order in which it is shown. */
export type Conversations = Mail[][];

/** The Message-IDs in a header (RFC 5322 §3.6.4), in order. */
export const idsIn = (header: string): string[] => header.match(/<[^<>\s]+@[^<>\s]+>/g) ?? [];
