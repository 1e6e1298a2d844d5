import type { Request, Response } from 'express';
import { findAsset } from './assets.js';

/**
 * Serves what `asset` and `accentUrl` name: mount it at /assets. The name holds the content's hash, so browsers may
 * keep it for good.
 */
export function serveAssets(req: Request, res: Response): void {
  const found = req.method === 'GET' || req.method === 'HEAD' ? findAsset(req.path.slice(1)) : null;
  if (!found) {
    res.status(404).type('text').send('There is no such file.');
    return;
  }
  res.set({
    'Content-Type': found.type,
    'Cache-Control': 'public, max-age=31536000, immutable',
    'X-Content-Type-Options': 'nosniff',
  });
  if (!found.br) {
    res.send(found.body);
    return;
  }
  const brotli = req.acceptsEncodings('br') === 'br';
  res.vary('Accept-Encoding');
  if (brotli) res.set('Content-Encoding', 'br');
  res.send(brotli ? found.br : found.body);
}
