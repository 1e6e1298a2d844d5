import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';
import type { SMTPServer } from 'smtp-server';

interface Files {
  cert: string;
  key: string;
}

export interface Certificate {
  cert: string;
  key: string;
}

/**
 * The certificate and its key. @throws Error, in words for the person at the terminal, if they can't be read or don't
 * fit.
 */
export async function readCertificate({ cert, key }: Files): Promise<Certificate> {
  try {
    const pair = { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
    createSecureContext(pair);
    return pair;
  } catch (error) {
    throw new Error(`INBOUND_TLS_CERT, INBOUND_TLS_KEY: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

const HOUR = 3_600_000;

/** Certificates are renewed while we run: the files are read again each hour. */
export function reloadCertificate(server: SMTPServer, files: Files, log: Logger, every = HOUR): NodeJS.Timeout {
  const again = () =>
    readCertificate(files).then(
      (pair) => server.updateSecureContext(pair),
      (error: unknown) => log.error({ err: error }, 'the certificate for inbound mail could not be read again'),
    );
  return setInterval(() => void again(), every).unref();
}
