import type { Request, Response } from 'express';
import type { Config } from '../../config.js';
import { SESSION_DAYS } from '../../people/sessions.js';
import { LINK_DAYS } from '../../mail/links/issue_keys.js';

const DAY = 86_400_000;
const LINKS_KEPT = 8;

/** The cookies' names: bound to this host alone (`__Host-`) wherever the site is served over TLS. */
const nameOf = (config: Config, name: 'session' | 'links' | 'sign_in') =>
  config.secure ? `__Host-${name}` : `parley_${name}`;

const gone = (config: Config) => ({ httpOnly: true, secure: config.secure, sameSite: 'lax' as const, path: '/' });
const options = (config: Config, days: number) => ({ ...gone(config), maxAge: days * DAY });

function cookie(req: Request, name: string): string | null {
  for (const pair of req.headers.cookie?.split(';') ?? []) {
    const [key, value] = pair.trim().split('=');
    if (key === name && value && /^[\w.-]+$/.test(value)) return value;
  }
  return null;
}

interface Credentials {
  session: string | null;
  /** Of the magic links that it opened, newest first. */
  links: string[];
  /** Of a sign-in that waits for its code. */
  sign_in: string | null;
}

/** The secrets that the browser shows with this request. */
export function readCredentials(req: Request, config: Config): Credentials {
  const links = cookie(req, nameOf(config, 'links'));
  return {
    session: cookie(req, nameOf(config, 'session')),
    links: links ? links.split('.').slice(0, LINKS_KEPT) : [],
    sign_in: cookie(req, nameOf(config, 'sign_in')),
  };
}

/** Signed in: the browser keeps its session alone. Links it opened, perhaps as somebody else, are dropped. */
export function setSessionCookie(res: Response, config: Config, token: string): void {
  res.cookie(nameOf(config, 'session'), token, options(config, SESSION_DAYS));
  res.clearCookie(nameOf(config, 'links'), gone(config));
  res.clearCookie(nameOf(config, 'sign_in'), gone(config));
}

/** The links a browser has opened, newest first. */
export function setLinksCookie(res: Response, config: Config, tokens: string[]): void {
  res.cookie(nameOf(config, 'links'), tokens.slice(0, LINKS_KEPT).join('.'), options(config, LINK_DAYS));
}

/** The browser that asked for a code: only it may type the code. */
export function setSignInCookie(res: Response, config: Config, token: string): void {
  res.cookie(nameOf(config, 'sign_in'), token, options(config, 1));
}

/** Signs the browser out of everything. */
export function clearCookies(res: Response, config: Config): void {
  for (const name of ['session', 'links', 'sign_in'] as const) res.clearCookie(nameOf(config, name), gone(config));
}
