import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import type { Config } from '../../config.js';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Outside production, answers only requests for this machine, for the host of BASE_URL and for the one it listens on:
 * a page of another site whose name leads here (DNS rebinding) would read what the demo shows to everybody. No name
 * leads to an address that is asked for as such. In production a proxy may ask under any name.
 */
export function ownHostsOnly({ production, base_url, host = '' }: Config): RequestHandler {
  const own = new Set([...LOOPBACK, new URL(base_url).hostname, host.toLowerCase()]);
  return (req, res, next) => {
    if (production) return next();
    const name = hostIn(req.headers.host ?? '');
    if (own.has(name) || isIP(name.replace(/^\[|\]$/g, '')) > 0) return next();
    res
      .status(421)
      .type('text')
      .send(`Parley doesn’t answer to this host name. Open ${base_url}, or set BASE_URL to the address you use.\n`);
  };
}

/** Without its port. */
const hostIn = (header: string) => header.toLowerCase().replace(/:\d*$/, '');
