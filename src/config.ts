import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** The folder of package.json: views/, public/ and migrations/ lie there, wherever the compiled code is. */
export const root = findRoot(import.meta.dirname);

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}

const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback);
const count = (fallback: number) => z.coerce.number().int().min(0).default(fallback);
const onOff = (fallback: 'on' | 'off') => z.enum(['on', 'off']).default(fallback);
const text = z.string().trim().min(1).optional();
const words = z
  .string()
  .default('')
  .transform((list) => list.split(/[\s,]+/).filter(Boolean));

const Environment = z.object({
  // One that is misspelt would open the mailbox to all: it must be one of these.
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: port(3000),
  INBOUND_SMTP_PORT: port(2525),
  HOST: text,
  BASE_URL: z.url({ protocol: /^https?$/, error: 'must be a URL like https://portal.example.com' }).optional(),
  DATABASE_URL: text,
  LISTEN_URL: text,
  DATA_DIR: text,
  SECRET: z.string().min(32, 'SECRET needs at least 32 characters').optional(),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be a URL like smtp://user:password@mail.example.com:587' })
    .optional(),
  SMTP_TLS: z.enum(['opportunistic', 'required']).default('opportunistic'),
  // 0: no limit. Mail beyond it waits; codes never do.
  MAIL_PER_PERSON_MINUTE: count(60),
  MAIL_PER_PERSON_HOUR: count(300),
  MAIL_PER_DOMAIN_MINUTE: count(300),
  MAIL_DOMAIN: z.string().default('parley.localhost'),
  MAX_MESSAGE_MB: z.coerce.number().min(1).max(100).default(35),
  KEEP_MAIL_DAYS: z.coerce.number().int().min(1).default(90),
  MAX_FILE_MB: z.coerce.number().min(1).max(100).default(25),
  TRUSTED_AUTHSERV_ID: text,
  TRUSTED_ARC_SEALERS: words,
  INBOUND_TLS_CERT: text,
  INBOUND_TLS_KEY: text,
  INBOUND_RELAYS: words,
  IMAP_URL: words.refine(
    (urls) => urls.every(isImap),
    'must be a URL like imaps://user:password@mail.example.com/INBOX',
  ),
  IMAP_RECIPIENT: z.email().toLowerCase().optional(),
  POSTMARK_INBOUND_SECRET: z.string().min(16, 'needs at least 16 characters').optional(),
  MAILGUN_SIGNING_KEY: text,
  SENDGRID_INBOUND_KEY: text,
  SES_TOPIC_ARN: z.string().startsWith('arn:').optional(),
  DEMO: onOff('on'),
  TRUST_PROXY: z.coerce.number().int().min(0).default(0),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

/** How inbound mail is judged, and how long it is kept. */
const receivedOf = (e: Settings) => ({
  /** For how many days the bytes of a message are kept. */
  keep_mail_days: e.KEEP_MAIL_DAYS,
  /** Whose word is taken besides our own checks of who sent it. */
  mail_trust: {
    authserv_id: e.TRUSTED_AUTHSERV_ID?.toLowerCase() ?? null,
    sealers: e.TRUSTED_ARC_SEALERS.map((domain) => domain.toLowerCase()),
  },
});

const isImap = (url: string) => URL.canParse(url) && /^imaps?:$/.test(new URL(url).protocol);

type Settings = z.infer<typeof Environment>;

/** By which ways mail comes in. @throws Error if only half of a certificate is named. */
function sourcesOf(e: Settings) {
  const { INBOUND_TLS_CERT: cert, INBOUND_TLS_KEY: key } = e;
  if (!cert !== !key) throw new Error('INBOUND_TLS_CERT and INBOUND_TLS_KEY go together: name both files, or neither.');
  return {
    inbound_port: e.INBOUND_SMTP_PORT,
    /** The files of the certificate for STARTTLS. */
    inbound_tls: cert && key ? { cert, key } : null,
    /**
     * Addresses of servers of ours that bring everybody's mail: what strangers do through them is not held against
     * them.
     */
    inbound_relays: e.INBOUND_RELAYS,
    imap_urls: e.IMAP_URL,
    /** For whom mail is that names no address of ours. */
    imap_recipient: e.IMAP_RECIPIENT,
    /** What proves that a provider's request is theirs; who has none is off. */
    providers: {
      postmark: e.POSTMARK_INBOUND_SECRET,
      mailgun: e.MAILGUN_SIGNING_KEY,
      sendgrid: e.SENDGRID_INBOUND_KEY,
      ses: e.SES_TOPIC_ARN,
    },
  };
}

export type Config = ReturnType<typeof readConfig>;

/**
 * Every environment variable, read and checked once.
 * @throws Error that names the variable and what is wrong with it; in production also when SECRET, BASE_URL or
 * SMTP_URL is missing.
 */
export function readConfig(env: Record<string, string | undefined>) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success)
    throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  const e = parsed.data;
  const production = e.NODE_ENV === 'production';
  const missing = production ? (['SECRET', 'BASE_URL', 'SMTP_URL'] as const).filter((name) => !e[name]) : [];
  if (missing.length) throw new Error(`In production, set ${missing.join(', ')}.`);
  const base_url = (e.BASE_URL ?? `http://localhost:${e.PORT}`).replace(/\/$/, '');
  return {
    production,
    demo: e.DEMO === 'on' && !production,
    mailbox: !production && !e.SMTP_URL,
    host: e.HOST,
    port: e.PORT,
    ...sourcesOf(e),
    ...receivedOf(e),
    base_url,
    secure: base_url.startsWith('https:'),
    database_url: e.DATABASE_URL,
    listen_url: e.LISTEN_URL,
    data_dir: e.DATA_DIR,
    secret: e.SECRET,
    smtp_url: e.SMTP_URL,
    smtp_tls: e.SMTP_TLS,
    pace: {
      person_minute: e.MAIL_PER_PERSON_MINUTE,
      person_hour: e.MAIL_PER_PERSON_HOUR,
      domain_minute: e.MAIL_PER_DOMAIN_MINUTE,
    },
    mail_domain: e.MAIL_DOMAIN.toLowerCase(),
    max_message_bytes: e.MAX_MESSAGE_MB * 2 ** 20,
    max_file_bytes: e.MAX_FILE_MB * 2 ** 20,
    trust_proxy: e.TRUST_PROXY,
    log_level: e.LOG_LEVEL,
  };
}
