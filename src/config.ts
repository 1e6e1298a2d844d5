import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadEnvFile } from 'node:process';
import { z } from 'zod';
import { misspelt } from './config/misspelt.js';
import { OIDC_SETTINGS, oidcProviders } from './config/oidc_config.js';
import { S3_SETTINGS, s3Config } from './config/s3_config.js';
import { guessable } from './config/secret_strength.js';

/** The project's root, where package.json, views/, public/ and migrations/ are, wherever the compiled code runs. */
export const root = findRoot(import.meta.dirname);

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}

/** The environment, with what a file `.env` beside package.json adds to it: what is set already is not replaced. */
export function readEnvironment(folder = root): NodeJS.ProcessEnv {
  try {
    loadEnvFile(join(folder, '.env'));
  } catch (error) {
    // Another account, such as a mail server's, brings its own settings.
    if (!(error instanceof Error && 'code' in error && /^(ENOENT|EACCES)$/.test(String(error.code)))) throw error;
  }
  return process.env;
}

const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback);
const count = (fallback: number) => z.coerce.number().int().min(0).default(fallback);
const onOff = (fallback: 'on' | 'off') => z.enum(['on', 'off']).default(fallback);
const text = z.string().trim().min(1).optional();
const list = z
  .string()
  .default('')
  .transform((values) => values.split(/[\s,]+/).filter(Boolean));
const secret = z.string().min(32, 'needs at least 32 characters').optional();
const isImap = (url: string) => URL.canParse(url) && /^imaps?:$/.test(new URL(url).protocol);

const Environment = z.object({
  // Strict, since a misspelt "production" would expose the demo mailbox.
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: port(3000),
  INBOUND_SMTP_PORT: port(2525),
  HOST: text,
  BASE_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL like https://portal.example.com' })
    .refine((url) => URL.canParse(url) && /^\/?$/.test(new URL(url).pathname), 'must have no path after the host')
    .optional(),
  DATABASE_URL: text,
  LISTEN_URL: text,
  BACKUP_DATABASE_URL: text,
  DATABASE_POOL_MIN: count(4),
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).default(10),
  DATA_DIR: text,
  // How long pages are still served after the signal to stop, while proxies notice.
  DRAIN_SECONDS: z.coerce.number().min(0).max(60).optional(),
  SECRET: secret,
  SECRET_OLD: secret,
  BANK_DETAILS_KEY: secret,
  BANK_DETAILS_KEY_OLD: secret,
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be a URL like smtp://user:password@mail.example.com:587' })
    .optional(),
  SMTP_TLS: z.enum(['opportunistic', 'required']).default('opportunistic'),
  // Rate limits; 0 is unlimited. Mail above them is postponed, except sign-in codes.
  MAIL_PER_PERSON_MINUTE: count(60),
  MAIL_PER_PERSON_HOUR: count(300),
  MAIL_PER_DOMAIN_MINUTE: count(300),
  // The first message is emailed at once, those within so many seconds after it together; 0: each by itself.
  MAIL_BUNDLE_SECONDS: z.coerce.number().int().min(0).optional(),
  MAIL_DOMAIN: z
    .string()
    .trim()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, 'must be a domain like portal.example.com')
    .optional(),
  MAX_MESSAGE_MB: z.coerce.number().min(1).max(100).default(35),
  KEEP_MAIL_DAYS: z.coerce.number().int().min(1).default(90),
  MAX_FILE_MB: z.coerce.number().min(1).max(100).default(25),
  TRUSTED_AUTHSERV_ID: text,
  TRUSTED_ARC_SEALERS: list,
  INBOUND_TLS_CERT: text,
  INBOUND_TLS_KEY: text,
  INBOUND_RELAYS: list,
  IMAP_URL: list.refine(
    (urls) => urls.every(isImap),
    'must be a URL like imaps://user:password@mail.example.com/INBOX',
  ),
  IMAP_RECIPIENT: z.email().toLowerCase().optional(),
  POSTMARK_INBOUND_SECRET: z.string().min(16, 'needs at least 16 characters').optional(),
  MAILGUN_SIGNING_KEY: text,
  SENDGRID_INBOUND_KEY: text,
  SES_TOPIC_ARN: z.string().startsWith('arn:').optional(),
  // A stand-in for Stripe, for tests. Never in production.
  STRIPE_API_URL: z.url({ protocol: /^https?$/ }).optional(),
  // Whether webhooks may be sent to this machine: for tests and development. Never in production.
  WEBHOOK_LOOPBACK: onOff('off'),
  ...OIDC_SETTINGS,
  ...S3_SETTINGS,
  DEMO: onOff('on'),
  // Who may found further organizations: owners of one, or anybody of a staff.
  ORGANIZATIONS: z.enum(['owners', 'open']).default('owners'),
  TRUST_PROXY: z.coerce.number().int().min(0).default(0),
  // A line a request is for machines to read: at somebody's terminal only what went wrong.
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).optional(),
  // Who may read /metrics: whoever shows the token. The port is for processes that serve no pages.
  METRICS_TOKEN: z.string().min(16, 'needs at least 16 characters').optional(),
  METRICS_PORT: z.coerce.number().int().min(0).max(65535).optional(),
  // Read where it is used.
  CHROMIUM_PATH: text,
});

type Settings = z.infer<typeof Environment>;

export type Config = ReturnType<typeof readConfig>;

/**
 * Reads and validates the environment variables.
 * @throws Error with a line for each that is wrong; in production also for what is missing, guessable or misspelt
 */
export function readConfig(env: Record<string, string | undefined>) {
  const e = parseEnvironment(env);
  const production = e.NODE_ENV === 'production';
  return {
    production,
    demo: e.DEMO === 'on' && !production,
    mailbox: !production && !e.SMTP_URL,
    database_url: e.DATABASE_URL,
    listen_url: e.LISTEN_URL,
    /** The database as a role that may read all of it. */
    backup_database_url: e.BACKUP_DATABASE_URL,
    /** Connections of each pool: those that stay open, and the most there are. */
    database_pool: { min: Math.min(e.DATABASE_POOL_MIN, e.DATABASE_POOL_MAX), max: e.DATABASE_POOL_MAX },
    data_dir: e.DATA_DIR,
    s3: s3Config(e),
    open_organizations: e.ORGANIZATIONS === 'open',
    secret: e.SECRET,
    /** The one before, which is honoured while it is set: see docs/operations.md. */
    secret_old: e.SECRET_OLD,
    bank_details_keys: bankDetailsKeys(e),
    stripe_url: production ? undefined : e.STRIPE_API_URL,
    webhook_reach: { https_only: production, loopback: e.WEBHOOK_LOOPBACK === 'on' && !production },
    ...webConfig(e),
    /** Whom staff may sign in with, besides their mailbox. */
    oidc_providers: oidcProviders(e, production),
    ...outboundConfig(e),
    ...sourcesConfig(e),
    ...receivedConfig(e),
    max_file_bytes: e.MAX_FILE_MB * 2 ** 20,
    metrics_token: e.METRICS_TOKEN,
    metrics_port: e.METRICS_PORT,
    log_level: e.LOG_LEVEL ?? (production ? 'info' : 'warn'),
  };
}

function parseEnvironment(env: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = Environment.safeParse(given);
  const wrong = (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (given['NODE_ENV'] === 'production') wrong.push(...unfitForProduction(given));
  if (!parsed.success || wrong.length) throw new Error([...new Set(wrong)].join('\n'));
  return parsed.data;
}

/** What production can't do without. */
const REQUIRED = {
  SECRET: 'set it to at least 32 random characters (openssl rand -hex 32)',
  BASE_URL: 'set it to the site’s public address, like https://portal.example.com',
  SMTP_URL: 'set it to the server that takes outgoing mail, like smtps://user:password@mail.example.com:465',
  MAIL_DOMAIN: 'set it to the domain that emails come from and replies go to',
};

/** A line for each fault that only matters where strangers come by. */
function unfitForProduction(env: Record<string, string | undefined>): string[] {
  const { SECRET = '', BANK_DETAILS_KEY = '', BASE_URL = '', METRICS_PORT, METRICS_TOKEN } = env;
  const missing = Object.entries(REQUIRED).filter(([name]) => !env[name]);
  const secrets = { SECRET, BANK_DETAILS_KEY };
  const weak = Object.entries(secrets).flatMap(([name, secret]) => {
    const why = secret.length >= 32 && guessable(secret);
    return why ? [`${name}: can be guessed, since ${why}. Make one with: openssl rand -hex 32`] : [];
  });
  return [
    ...missing.map(([name, what]) => `${name}: in production, ${what}.`),
    ...weak,
    ...(METRICS_PORT && !METRICS_TOKEN
      ? ['METRICS_PORT: set METRICS_TOKEN, too: without it nobody may read them.']
      : []),
    ...(/^http:/i.test(BASE_URL) ? ['BASE_URL: must begin with https:// in production.'] : []),
    ...misspelt(Object.keys(env), Object.keys(Environment.shape)).map(
      ([name, meant]) => `${name}: there is no such setting. Did you mean ${meant}?`,
    ),
  ];
}

/** What bank details are sealed under: the key, and the one before. @throws Error if only the latter is set */
function bankDetailsKeys({ BANK_DETAILS_KEY: key, BANK_DETAILS_KEY_OLD: old }: Settings): string[] {
  if (old && !key) throw new Error('BANK_DETAILS_KEY_OLD: set BANK_DETAILS_KEY, which takes its place, too.');
  return [key, old].filter((one) => one !== undefined);
}

/** Only this machine can reach it, unless it is told otherwise. */
const LOOPBACK = '127.0.0.1';

function webConfig(e: Settings) {
  const base_url = (e.BASE_URL ?? `http://localhost:${e.PORT}`).replace(/\/$/, '');
  return {
    host: e.HOST ?? (e.NODE_ENV === 'production' ? undefined : LOOPBACK),
    port: e.PORT,
    base_url,
    secure: base_url.startsWith('https:'),
    trust_proxy: e.TRUST_PROXY,
    drain_ms: 1000 * (e.DRAIN_SECONDS ?? (e.NODE_ENV === 'production' ? 3 : 0)),
  };
}

const outboundConfig = (e: Settings) => ({
  smtp_url: e.SMTP_URL,
  smtp_tls: e.SMTP_TLS,
  mail_domain: (e.MAIL_DOMAIN ?? 'parley.localhost').toLowerCase(),
  // Like the limits, it is not for our own mailbox.
  bundle_seconds: e.MAIL_BUNDLE_SECONDS ?? (e.SMTP_URL ? 120 : 0),
  rate_limits: {
    person_minute: e.MAIL_PER_PERSON_MINUTE,
    person_hour: e.MAIL_PER_PERSON_HOUR,
    domain_minute: e.MAIL_PER_DOMAIN_MINUTE,
  },
});

/** The ways mail comes in. @throws Error if only one half of a certificate is set */
function sourcesConfig(e: Settings) {
  const { INBOUND_TLS_CERT: cert, INBOUND_TLS_KEY: key } = e;
  if (!cert !== !key) throw new Error('INBOUND_TLS_CERT and INBOUND_TLS_KEY go together: name both files, or neither.');
  return {
    inbound_port: e.INBOUND_SMTP_PORT,
    /** Files of the certificate for STARTTLS. */
    inbound_tls: cert && key ? { cert, key } : null,
    /** Our own relays, which bring mail from many senders and so are exempt from limits per sender. */
    inbound_relays: e.INBOUND_RELAYS,
    imap_urls: e.IMAP_URL,
    /** The recipient of mail that names none of our addresses. */
    imap_recipient: e.IMAP_RECIPIENT,
    /** The key that authenticates each provider's requests; a provider without one is disabled. */
    providers: {
      postmark: e.POSTMARK_INBOUND_SECRET,
      mailgun: e.MAILGUN_SIGNING_KEY,
      sendgrid: e.SENDGRID_INBOUND_KEY,
      ses: e.SES_TOPIC_ARN,
    },
  };
}

/** How inbound mail is authenticated, and how long it is stored. */
const receivedConfig = (e: Settings) => ({
  max_message_bytes: e.MAX_MESSAGE_MB * 2 ** 20,
  /** How many days the original of a message is stored. */
  keep_mail_days: e.KEEP_MAIL_DAYS,
  /** Servers whose authentication results count besides our own checks. */
  mail_trust: {
    authserv_id: e.TRUSTED_AUTHSERV_ID?.toLowerCase() ?? null,
    sealers: e.TRUSTED_ARC_SEALERS.map((domain) => domain.toLowerCase()),
  },
});
