import type { Request, Response } from 'express';
import type { Config } from '../../config.js';
import { SESSION_DAYS } from '../../people/sessions.js';
import { LINK_DAYS } from '../../mail/links/issue_keys.js';

const DAY = 86_400_000;
const MAX_LINKS = 8;

type CookieName = 'session' | 'links' | 'sign_in' | 'acting' | 'device' | 'second_step' | 'passkey' | 'provider';

/** Browsers keep no cookie longer. */
const DEVICE_DAYS = 400;

/** Over TLS, the `__Host-` prefix binds a cookie to this host. */
const nameOf = (config: Config, name: CookieName) => (config.secure ? `__Host-${name}` : `parley_${name}`);

const baseOptions = (config: Config) => ({
  httpOnly: true,
  secure: config.secure,
  sameSite: 'lax' as const,
  path: '/',
});
const options = (config: Config, days: number) => ({ ...baseOptions(config), maxAge: days * DAY });

function cookie(req: Request, name: string): string | null {
  for (const pair of req.headers.cookie?.split(';') ?? []) {
    const [key, value] = pair.trim().split('=');
    if (key === name && value && /^[\w.-]+$/.test(value)) return value;
  }
  return null;
}

interface Credentials {
  session: string | null;
  /** Tokens of the magic links that the browser opened, newest first. */
  links: string[];
  /** The secret of a sign-in that is waiting for its code. */
  sign_in: string | null;
  /** The ids of the people as whom the visitor chose to act, the last one first. */
  acting: string[];
  /** What the browser is known by, beyond its sessions. */
  device: string | null;
  /** The secret of a sign-in that waits for its second step. */
  second_step: string | null;
  /** The secret of a browser that was asked for a passkey. */
  passkey: string | null;
  /** What was agreed with a provider before the visitor was sent there, sealed. */
  provider: string | null;
}

/** Returns the secrets in a request's cookies. */
export function readCredentials(req: Request, config: Config): Credentials {
  const list = (name: 'links' | 'acting') => cookie(req, nameOf(config, name))?.split('.').slice(0, MAX_LINKS) ?? [];
  return {
    session: cookie(req, nameOf(config, 'session')),
    links: list('links'),
    sign_in: cookie(req, nameOf(config, 'sign_in')),
    acting: list('acting'),
    device: cookie(req, nameOf(config, 'device')),
    second_step: cookie(req, nameOf(config, 'second_step')),
    passkey: cookie(req, nameOf(config, 'passkey')),
    provider: cookie(req, nameOf(config, 'provider')),
  };
}

/** Sets the session cookie, and clears the links, which may be another person's. */
export function setSessionCookie(res: Response, config: Config, token: string): void {
  res.cookie(nameOf(config, 'session'), token, options(config, SESSION_DAYS));
  for (const name of ['links', 'sign_in', 'second_step', 'passkey', 'provider'] as const)
    res.clearCookie(nameOf(config, name), baseOptions(config));
}

/** Remembers a browser beyond its sessions, so that its owner is told of new ones only. */
export function setDeviceCookie(res: Response, config: Config, token: string): void {
  res.cookie(nameOf(config, 'device'), token, options(config, DEVICE_DAYS));
}

/** Keeps the secret of one step of a sign-in, for as long as the browser is open at most. */
export function setStepCookie(
  res: Response,
  config: Config,
  name: 'second_step' | 'passkey' | 'provider',
  token: string,
): void {
  res.cookie(nameOf(config, name), token, baseOptions(config));
}

/** Stores the tokens of the links that the browser has opened, newest first. */
export function setLinksCookie(res: Response, config: Config, tokens: string[]): void {
  res.cookie(nameOf(config, 'links'), tokens.slice(0, MAX_LINKS).join('.'), options(config, LINK_DAYS));
}

/** Stores as whom the visitor acts where they are several people, the last choice first. */
export function setActingCookie(res: Response, config: Config, people: string[]): void {
  res.cookie(nameOf(config, 'acting'), people.slice(0, MAX_LINKS).join('.'), options(config, SESSION_DAYS));
}

/** Marks the browser that requested a code: the code works only there. */
export function setSignInCookie(res: Response, config: Config, token: string): void {
  res.cookie(nameOf(config, 'sign_in'), token, options(config, 1));
}

/** Signs the browser out of everything. */
export function clearCookies(res: Response, config: Config): void {
  for (const name of ['session', 'links', 'sign_in', 'acting', 'second_step', 'passkey', 'provider'] as const)
    res.clearCookie(nameOf(config, name), baseOptions(config));
}
