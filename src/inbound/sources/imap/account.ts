import { ImapFlow } from 'imapflow';

/** A mailbox on another server from which we fetch mail. */
export interface Account {
  /** user@host/folder: identifies it in logs and the database, without its password. */
  name: string;
  host: string;
  port: number;
  /** TLS from the start; otherwise STARTTLS is required, except on this machine. */
  secure: boolean;
  starttls: boolean;
  user: string;
  pass: string;
  folder: string;
  /** The recipient of its mail that names none of our addresses. */
  recipient: string | null;
}

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Parses imaps://user:password@host:port/Folder?recipient=harbor@mail.example.com; the default folder is INBOX. */
export function parseAccount(url: string): Account {
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(url);
  const secure = protocol === 'imaps:';
  const [user, folder] = [decodeURIComponent(username), decodeURIComponent(pathname.slice(1)) || 'INBOX'];
  return {
    name: `${user}@${hostname}/${folder}`,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (secure ? 993 : 143),
    secure,
    starttls: !secure && !LOCAL.has(hostname),
    user,
    pass: decodeURIComponent(password),
    folder,
    recipient: searchParams.get('recipient')?.toLowerCase() ?? null,
  };
}

/** How often a mailbox is checked even if the server (IDLE, RFC 2177) reports nothing. */
export const POLL_MS = 300_000;

export function imapClient({ host, port, secure, starttls, user, pass }: Account): ImapFlow {
  return new ImapFlow({
    host,
    port,
    secure,
    ...(starttls ? { doSTARTTLS: true } : {}),
    auth: { user, pass },
    logger: false,
    disableAutoIdle: true,
    maxIdleTime: POLL_MS,
    connectionTimeout: 30_000,
  });
}
