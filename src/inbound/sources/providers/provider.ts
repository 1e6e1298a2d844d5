import { createHash, timingSafeEqual } from 'node:crypto';
import busboy from 'busboy';
import type { Source } from '../../receive.js';
import { Rejection } from '../rejection.js';

/** A provider's request, with its body as received, since that is what is signed. */
export interface ProviderRequest {
  body: Buffer;
  /** '' if there is none. */
  header: (name: string) => string;
  query: (name: string) => string;
  now: number;
}

/** The message in a request and as much of its envelope as the provider passes on. */
export interface ProviderMessage {
  raw: Buffer;
  /** Null if unknown. */
  mail_from: string | null;
  recipients: string[];
  /** The server that delivered to the provider; '' if unknown. */
  remote_ip: string;
}

/** A service that receives mail for us and posts it to a webhook. */
export interface Provider {
  source: Source;
  /** The status after which it doesn't retry this message. */
  final: number;
  /** The maximum size of a request, as a multiple of the message's. */
  factor: number;
  /** Whether the request is authorized, if that can be told before reading its body. */
  isAllowed?(request: Omit<ProviderRequest, 'body'>): boolean;
  /** Parses a request; null if it was handled and has no message. @throws Rejection if forged or unreadable */
  read(request: ProviderRequest): Promise<ProviderMessage | null>;
}

/** Compares two secrets in constant time. */
export function isEqualSecret(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

/** @throws Rejection if it isn't JSON */
export function parseJson(body: Buffer | string): unknown {
  try {
    return JSON.parse(String(body));
  } catch (error) {
    throw new Rejection('unreadable', 'This is no JSON', { cause: error });
  }
}

/**
 * The fields of a multipart or urlencoded form, including files, as raw bytes: a message in one may be in any charset.
 * @throws Rejection if it isn't a form
 */
export function readFormFields(body: Buffer, content_type: string): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(new Rejection('unreadable', 'This is no form', { cause: error }));
    const fields = new Map<string, Buffer>();
    try {
      const limits = { fieldSize: body.length, fileSize: body.length, fields: 200, files: 50 };
      const form = busboy({ headers: { 'content-type': content_type }, defCharset: 'latin1', limits });
      form.on('field', (name, value) => fields.set(name, bytesOf(value)));
      form.on('file', (name, file) => {
        const chunks: Buffer[] = [];
        file.on('data', (chunk: Buffer) => chunks.push(chunk));
        file.on('close', () => fields.set(name, Buffer.concat(chunks)));
      });
      form.on('error', fail);
      form.on('close', () => resolve(fields));
      form.end(body);
    } catch (error) {
      fail(error);
    }
  });
}

/** As Latin-1 each character is one byte; any other character comes from a part that declared its own charset. */
const bytesOf = (value: string) => Buffer.from(value, /[^\0-ÿ]/.test(value) ? 'utf8' : 'latin1');
