import { createHash, timingSafeEqual } from 'node:crypto';
import type { Source } from '../../receive.js';

/** A provider's request: its body as it came, since that is what is signed. */
export interface ProviderRequest {
  body: Buffer;
  /** '' if there is none. */
  header: (name: string) => string;
  query: (name: string) => string;
  now: number;
}

/** What a request brings: the message and its envelope, as far as the provider tells it. */
export interface ProviderMessage {
  raw: Buffer;
  /** Null if it is not told. */
  mail_from: string | null;
  recipients: string[];
  /** Of the server that brought it to the provider; '' if it is not told. */
  remote_ip: string;
}

/** One who takes mail in for us and posts it on. Made with the key that proves its requests. */
export interface Provider {
  source: Source;
  /** The answer after which it never brings this message again, and does not try for days. */
  final: number;
  /** How large a request may be for one byte of message. */
  factor: number;
  /** Whether it may speak at all, where that is known before the body is heard. */
  mayAsk?(asked: Omit<ProviderRequest, 'body'>): boolean;
  /** Takes a request apart; null if it brings no message and was seen to. @throws NotTaken: forged, or unreadable */
  read(asked: ProviderRequest): Promise<ProviderMessage | null>;
}

/** Whether two secrets are the same, in a time that tells nothing of either. */
export function isEqualSecret(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
