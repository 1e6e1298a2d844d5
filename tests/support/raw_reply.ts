import { randomUUID } from 'node:crypto';
import type { Harbor } from './harbor.js';

/** Maya's answer as bytes: as it lies in a mailbox, comes through a pipe, or is posted by a provider. */
export const rawReply = (home: Harbor, to: string, words: string, more: string[] = []) =>
  [
    ...more,
    `From: Maya Chen <${home.maya.email}>`,
    `To: ${to}`,
    'Subject: Re: Invoice',
    `Message-ID: <${randomUUID()}@maple.example>`,
    'Date: Tue, 03 Nov 2026 09:14:00 +0000',
    '',
    words,
    '',
  ].join('\r\n');
