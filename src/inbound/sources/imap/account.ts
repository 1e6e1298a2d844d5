/** A mailbox of ours at another server. */
export interface Account {
  /** user@host/folder: names it in logs and in the database, without its password. */
  name: string;
  host: string;
  port: number;
  /** TLS from the first byte; else STARTTLS is insisted on, but for this machine itself. */
  secure: boolean;
  starttls: boolean;
  user: string;
  pass: string;
  folder: string;
  /** For whom its mail is that names no address of ours. */
  recipient: string | null;
}

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The account in imaps://user:password@host:port/Folder?recipient=harbor@mail.example.com; the folder is INBOX unless
 * said otherwise.
 */
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
