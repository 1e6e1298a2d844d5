import { headerFields, messageIds, valuesOf } from './headers.js';
import type { HeaderField } from './headers.js';

/** What a mail server reports about a message of ours (RFC 3464). `status` is an enhanced code such as 5.1.1. */
export interface Bounce {
  readonly recipient: string | null;
  readonly action: string;
  readonly status: string | null;
  readonly diagnostic: string | null;
  /** The Message-ID of the message that was not delivered. */
  readonly message_id: string | null;
}

interface Part {
  readonly content_type: string;
  readonly content: Buffer;
}

/** Reads a delivery report from its parts; null when the message holds none. Of several recipients the first that failed counts. */
export function readBounce(parts: readonly Part[]): Bounce | null {
  const status = parts.find((part) => part.content_type === 'message/delivery-status');
  if (!status) return null;
  const groups = recipientGroups(status.content);
  const group = groups.find((fields) => first(fields, 'action')?.toLowerCase() === 'failed') ?? groups[0];
  if (!group) return null;
  return {
    recipient: afterType(first(group, 'original-recipient') ?? first(group, 'final-recipient'))?.toLowerCase() ?? null,
    action: (first(group, 'action') ?? 'failed').toLowerCase().slice(0, 40),
    status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(first(group, 'status') ?? '')?.[0] ?? null,
    diagnostic: afterType(first(group, 'diagnostic-code'))?.slice(0, 1000) ?? null,
    message_id: originalId(parts),
  };
}

// Groups of fields with blank lines between: the first is about the message, each of the others about one recipient.
function recipientGroups(content: Buffer): HeaderField[][] {
  const groups = content
    .toString('utf8')
    .slice(0, 200_000)
    .split(/\r?\n(?:[ \t]*\r?\n)+/, 1001);
  return groups
    .map((group) => headerFields(Buffer.from(group.trim())))
    .filter((fields) => first(fields, 'final-recipient') !== null || first(fields, 'action') !== null);
}

function originalId(parts: readonly Part[]): string | null {
  const original = parts.find((part) => /^(?:message\/rfc822|text\/rfc822-headers|message\/global)/.test(part.content_type));
  if (!original) return null;
  return messageIds(first(headerFields(original.content.subarray(0, 200_000)), 'message-id') ?? '')[0] ?? null;
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
