import type { Mail } from './mail.js';

/** How a mail program writes an answer: what it puts before the subject, and how it names what it answers. */
export interface Program {
  prefix: string;
  in_reply_to(mail: Mail): string;
  references(mail: Mail): readonly string[];
}

// RFC 5322 §3.6.4: what the message named, and the message; without References, its In-Reply-To stands for them.
const chain = (mail: Mail) => [
  ...(mail.references.length ? mail.references : [mail.in_reply_to].filter(Boolean)),
  mail.message_id,
];
const usual = { in_reply_to: (mail: Mail) => mail.message_id, references: chain };
const none = { in_reply_to: () => '', references: () => [] };

/** As they do it today, and as some still do it. */
export const programs = {
  gmail: { prefix: 'Re: ', ...usual },
  outlook: { prefix: 'AW: ', ...usual },
  shouting: { prefix: 'RE: ', ...usual },
  /** Keeps the first and the last. */
  exchange: {
    ...usual,
    prefix: 'RE: ',
    references: (mail) => [chain(mail)[0] ?? '', mail.message_id],
  },
  /** Names only the last. */
  notes: { prefix: 'Antwort: ', in_reply_to: (mail) => mail.message_id, references: () => [] },
  /** Without In-Reply-To. */
  bare: { prefix: 'Re: ', in_reply_to: () => '', references: chain },
  short: { ...usual, prefix: 'Re: ', references: (mail) => [mail.message_id] },
  wordy: {
    prefix: 'Re: ',
    in_reply_to: (mail) => `Your message of "Tue, 3 Nov 2026 09:14:00 +0000" ${mail.message_id}`,
    references: chain,
  },
  phone: { prefix: 'SV: ', ...usual },
  plain: { prefix: '', ...usual },
} satisfies Record<string, Program>;

/** Names nothing that it answers: only its subject says so. */
export const forgetful: Program = { prefix: 'Re: ', ...none };
