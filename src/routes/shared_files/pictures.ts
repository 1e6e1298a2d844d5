import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { Storage } from '../../files/storage.js';

/** The address of a picture's smaller copy; null while it has none. Another picture has another address. */
export const smallPictureUrl = (slug: string, { id, small }: { id: string; small: string | null }) =>
  small ? `/${slug}/pictures/${id}?v=${small.slice(0, LENGTH)}` : null;

const LENGTH = 16;

/** Sends a WebP that we have made. `named`: the beginning of its hash, as its address has it: then it may be kept. */
export async function sendWebp(res: Response, storage: Storage, sha256: string, named: string): Promise<void> {
  const { size, bytes } = await storage.read(sha256);
  const lasting = named.length === LENGTH && sha256.startsWith(named);
  res.set({
    'Content-Type': 'image/webp',
    'Content-Length': String(size),
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cache-Control': lasting ? 'private, max-age=31536000, immutable' : 'private, no-store',
  });
  await pipeline(bytes, res).catch((error: unknown) => {
    if (!res.destroyed) throw error;
  });
}
