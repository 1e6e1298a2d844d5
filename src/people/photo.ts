import type { ResizeOptions } from 'sharp';
import { Invalid } from '../errors.js';
import { typeOfBytes } from '../files/content_type.js';
import { isPicture, resized, Unreadable } from '../files/picture.js';
import type { Storage } from '../files/storage.js';

/** A photo as it was taken is smaller than that. */
const MAX_PHOTO_BYTES = 15 * 2 ** 20;
/** Of a person: a square, cropped to its middle. */
const SQUARE = { width: 512, height: 512, fit: 'cover', position: 'centre' } as const;

/**
 * Stores a photo as WebP in another size (left out: a person's), upright, without what its camera wrote into it.
 * Returns its SHA-256. @throws Invalid, for the field `photo`, if it is no photo or too large
 */
export async function storePhoto(storage: Storage, bytes: Buffer, size: ResizeOptions = SQUARE): Promise<string> {
  if (bytes.length > MAX_PHOTO_BYTES)
    throw new Invalid({ photo: 'Use a photo of at most {{size}} MB.' }, { size: MAX_PHOTO_BYTES / 2 ** 20 });
  if (!isPicture(await typeOfBytes(bytes))) throw new Invalid({ photo: 'Use a JPEG, PNG or WebP photo.' });
  const { content } = await resized(bytes, size).catch(refuse);
  const { sha256 } = await storage.put(content, 'photo.webp', 'image/webp');
  return sha256;
}

function refuse(error: unknown): never {
  if (!(error instanceof Unreadable)) throw error;
  throw new Invalid({
    photo: error.large
      ? 'This photo has too many pixels. Use a smaller one.'
      : 'We couldn’t read this photo. Choose another one.',
  });
}

/** Where a person's photo is found; null without one. Another photo has another address, so that it can be cached. */
export const photoUrl = (slug: string, { id, photo_sha256 }: { id: string; photo_sha256: string | null }) =>
  photo_sha256 ? `/${slug}/people/${id}/photo?v=${photo_sha256.slice(0, 16)}` : null;
