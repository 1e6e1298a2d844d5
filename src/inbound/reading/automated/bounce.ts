import { headerFields, messageIds, valuesOf } from '../headers.js';
import type { HeaderField } from '../headers.js';
import type { Part, BounceInput } from './bounce_input.js';
import { inferStatus, isDaemon, isGeneric, looksBounced } from './bounce_phrases.js';

/** A mail server's report on a message we sent. `status` is an enhanced code such as 5.1.1 (RFC 3463). */
export interface Bounce {
  readonly recipient: string | null;
  /** One of RFC 3464 §2.3.3 (failed, delayed, delivered, relayed, expanded), or `complained` (RFC 5965). */
  readonly action: string;
  readonly status: string | null;
  readonly diagnostic: string | null;
  /** The Message-ID of the message that was not delivered. */
  readonly message_id: string | null;
}

/**
 * Parses a delivery report (RFC 3464), a complaint (RFC 5965), or the free text of a non-standard server. Returns null
 * for other mail. With several recipients, the first failed one counts.
 */
export function readBounce(input: BounceInput): Bounce | null {
  const { fields, from, mail_from } = input;
  const type = first(fields, 'content-type') ?? '';
  // A person may forward a report as an attachment; that is not a report to us.
  const reports = /^\s*(?:multipart\/report|message\/)/i.test(type) || mail_from === '' || isDaemon(from);
  return (reports ? (complaint(input) ?? report(input)) : null) ?? unstructured(input);
}

function complaint({ parts }: BounceInput): Bounce | null {
  const feedback = parts.find((part) => part.content_type === 'message/feedback-report');
  if (!feedback) return null;
  const fields = headerFields(feedback.content.subarray(0, MAX_BYTES));
  const recipient = first(fields, 'original-rcpt-to')?.replace(/^<|>$/g, '').toLowerCase() ?? null;
  const diagnostic = `Marked as ${first(fields, 'feedback-type') ?? 'abuse'}`;
  return { recipient, action: 'complained', status: null, diagnostic, message_id: originalId(parts) };
}

function report({ fields, text, parts }: BounceInput): Bounce | null {
  const status = parts.find((part) => STATUS_PARTS.has(part.content_type));
  const bare = STATUS_PARTS.has((first(fields, 'content-type') ?? '').split(/[;\s]/, 1)[0]?.toLowerCase() ?? '');
  const content = status?.content ?? (bare ? Buffer.from(text) : null);
  if (!content) return null;
  const groups = recipientGroups(content);
  const group = groups.find((each) => first(each, 'action')?.toLowerCase() === 'failed') ?? groups[0];
  if (!group) return null;
  const diagnostic = afterType(first(group, 'diagnostic-code'))?.slice(0, 1000) ?? null;
  const code = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(first(group, 'status') ?? '')?.[0] ?? null;
  return {
    recipient: afterType(first(group, 'original-recipient') ?? first(group, 'final-recipient'))?.toLowerCase() ?? null,
    action: (first(group, 'action') ?? 'failed').toLowerCase().slice(0, 40),
    // A server that reports only "5.0.0" often gives the real reason in its text.
    status: isGeneric(code) ? (inferStatus(`${diagnostic ?? ''}\n${text}`) ?? code) : code,
    diagnostic,
    message_id: originalId(parts) ?? idIn(text),
  };
}

function unstructured(input: BounceInput): Bounce | null {
  const { fields, text, parts } = input;
  const failed = first(fields, 'x-failed-recipients');
  const kind = failed === null ? looksBounced(input) : 'failed';
  if (!kind) return null;
  const start = text.slice(0, 20_000);
  const recipient = failed ?? /<?\b([^\s<>"()[\]:;,]{1,64}@[^\s<>"()[\]:;,]{1,255})>?/.exec(start)?.[1] ?? null;
  const status = inferStatus(start);
  const line = start
    .split('\n')
    .find((each) => /\b[45]\d\d\b/.test(each) || (status !== null && each.includes(status)));
  return {
    recipient: recipient?.toLowerCase().slice(0, 320) ?? null,
    action: kind,
    status,
    diagnostic: line?.trim().slice(0, 1000) ?? firstWords(start),
    message_id:
      originalId(parts) ??
      idIn(text) ??
      parts.map((part) => idIn(part.content.toString('latin1', 0, MAX_BYTES))).find(Boolean) ??
      null,
  };
}

const MAX_BYTES = 200_000;
const STATUS_PARTS = new Set(['message/delivery-status', 'message/global-delivery-status']);

const firstWords = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 200) || null;

// The Message-ID of the original, quoted in the report's text.
const idIn = (text: string) => /^[>\s]*message-id:\s*(<[^<>\s]{3,250}>)/im.exec(text.slice(0, MAX_BYTES))?.[1] ?? null;

// Field groups are separated by blank lines: the first describes the message, each of the others one recipient.
function recipientGroups(content: Buffer): HeaderField[][] {
  const groups = content
    .toString('utf8')
    .slice(0, MAX_BYTES)
    .split(/\r?\n(?:[ \t]*\r?\n)+/, 1001);
  return groups
    .map((group) => headerFields(Buffer.from(group.trim())))
    .filter((fields) => first(fields, 'final-recipient') !== null || first(fields, 'action') !== null);
}

function originalId(parts: readonly Part[]): string | null {
  const original = parts.find((part) =>
    /^(?:message\/rfc822|text\/rfc822-headers|message\/global)/.test(part.content_type),
  );
  if (!original) return null;
  return messageIds(first(headerFields(original.content.subarray(0, MAX_BYTES)), 'message-id') ?? '')[0] ?? null;
}

function first(fields: readonly HeaderField[], name: string): string | null {
  return valuesOf(fields, name)[0] ?? null;
}

// "rfc822; ann@example.com", "smtp; 550 no such user"
function afterType(value: string | null): string | null {
  return value === null
    ? null
    : value
        .slice(value.indexOf(';') + 1)
        .trim()
        .replace(/^<|>$/g, '');
}
