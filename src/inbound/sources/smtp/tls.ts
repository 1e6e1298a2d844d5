import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';
import type { SMTPServer } from 'smtp-server';

/** A certificate and its key, in PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

interface CertificateFiles {
  cert: string;
  key: string;
}

/** Reads a certificate and its key. @throws Error naming the settings, if they can't be read or don't match */
export async function readCertificate({ cert, key }: CertificateFiles): Promise<Certificate> {
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

/** Reloads the certificate every hour, since it may be renewed at any time. */
export function reloadCertificate(
  server: SMTPServer,
  files: CertificateFiles,
  log: Logger,
  every = HOUR,
): NodeJS.Timeout {
  const reload = () =>
    readCertificate(files).then(
      (pair) => server.updateSecureContext(pair),
      (error: unknown) => log.error({ err: error }, 'the certificate for inbound mail could not be read again'),
    );
  return setInterval(() => void reload(), every).unref();
}
