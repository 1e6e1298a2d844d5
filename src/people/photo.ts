import sharp from 'sharp';
import { Invalid } from '../errors.js';
import { typeOfBytes } from '../files/content_type.js';
import type { Storage } from '../files/storage.js';

/** A photo as it was taken is smaller than that. */
const MAX_PHOTO_BYTES = 15 * 2 ** 20;
/** More than any phone takes: a few kilobytes of PNG can unpack to gigabytes. */
const MAX_PIXELS = 64_000_000;
const SIZE = 512;

const READERS: Record<string, string> = {
  'image/jpeg': 'VipsForeignLoadJpeg',
  'image/png': 'VipsForeignLoadPng',
  'image/webp': 'VipsForeignLoadWebp',
};

// Nobody's file is given to a reader of SVG, TIFF, PDF and the like.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: Object.values(READERS) });
sharp.cache(false);
sharp.concurrency(1);

/**
 * Stores a person's photo as a WebP square, cropped to its middle, upright, without what its camera wrote into it.
 * Returns its SHA-256. @throws Invalid, for the field `photo`, if it is no photo or too large
 */
export async function storePhoto(storage: Storage, bytes: Buffer): Promise<string> {
  if (bytes.length > MAX_PHOTO_BYTES)
    throw new Invalid({ photo: 'Use a photo of at most {{size}} MB.' }, { size: MAX_PHOTO_BYTES / 2 ** 20 });
  if (!READERS[await typeOfBytes(bytes)]) throw new Invalid({ photo: 'Use a JPEG, PNG or WebP photo.' });
  const { sha256 } = await storage.put(await inTurn(() => square(bytes)), 'photo.webp', 'image/webp');
  return sha256;
}

let turn: Promise<unknown> = Promise.resolve();

/** One photo at a time: unpacked, a large one takes 200 MB. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = turn.then(work);
  turn = done.catch(() => {});
  return done;
}

async function square(bytes: Buffer): Promise<Buffer> {
  // The head alone says how large it is.
  const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata().catch(unreadable);
  if (width * height > MAX_PIXELS) throw new Invalid({ photo: 'This photo has too many pixels. Use a smaller one.' });
  return sharp(bytes, { limitInputPixels: MAX_PIXELS, sequentialRead: true, failOn: 'error' })
    .timeout({ seconds: 20 })
    .autoOrient()
    .resize(SIZE, SIZE, { fit: 'cover', position: 'centre' })
    .webp({ quality: 84 })
    .toBuffer()
    .catch(unreadable);
}

function unreadable(): never {
  throw new Invalid({ photo: 'We couldn’t read this photo. Choose another one.' });
}

/** Where a person's photo is found; null without one. Another photo has another address, so that it can be cached. */
export const photoUrl = (slug: string, { id, photo_sha256 }: { id: string; photo_sha256: string | null }) =>
  photo_sha256 ? `/${slug}/people/${id}/photo?v=${photo_sha256.slice(0, 16)}` : null;
