import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { guardedLookup, NotPublic, type Reach, requireAllowed } from './reach.js';

/** What came of a request. `status` null: there was no answer, and `error` says why, as a sentence. */
export interface Answer {
  status: number | null;
  /** The beginning of its body. */
  answer: string;
  error: string;
}

/** An answer that comes later counts as none. */
const TIMEOUT_MS = 15_000;
const KEPT_BYTES = 2048;

/**
 * Posts JSON once, on a connection of its own. Redirects aren't followed, proxies of the environment aren't used, and
 * of the answer no more than its beginning is read. Never throws for what the other side does.
 */
export function postWebhook(
  reach: Reach,
  address: string,
  { headers, body }: { headers: Record<string, string>; body: string },
): Promise<Answer> {
  return new Promise((resolve) => {
    const failed = (error: unknown) => resolve({ status: null, answer: '', error: reasonOf(error) });
    try {
      const url = new URL(address);
      requireAllowed(reach, url);
      const { request } = url.protocol === 'https:' ? https : http;
      const sending = request(url, {
        ...{ method: 'POST', agent: false, lookup: guardedLookup(reach), signal: AbortSignal.timeout(TIMEOUT_MS) },
        headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers },
      });
      sending.on('error', failed).on('response', (response) => {
        const answered = async () => {
          const answer = await beginningOf(response);
          resolve({ status: response.statusCode ?? 0, answer, error: '' });
          sending.destroy();
        };
        answered().catch(failed);
      });
      sending.end(body);
    } catch (error) {
      failed(error);
    }
  });
}

/** The first bytes of a body; what comes before it breaks off. NUL, which can't be stored, is left out. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      size += bytes.length;
      if (size >= KEPT_BYTES) break;
    }
  } catch {
    // Its status counts all the same.
  }
  return Buffer.concat(chunks).subarray(0, KEPT_BYTES).toString('utf8').replaceAll('\0', '');
}

/** By the code of an error. */
const REASONS: Readonly<Record<string, string>> = {
  ABORT_ERR: 'No answer within 15 seconds.',
  ENOTFOUND: 'The host was not found.',
  ECONNREFUSED: 'The connection was refused.',
};

function reasonOf(error: unknown): string {
  if (error instanceof NotPublic) return 'The address leads inside a network, so nothing was sent.';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return 'The certificate is not valid.';
  return REASONS[code] ?? 'The connection failed.';
}
