import sharp, { type ResizeOptions } from 'sharp';

/** More than any phone takes: a few kilobytes of PNG can unpack to gigabytes. */
const MAX_PIXELS = 64_000_000;

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

/** Whether bytes of this type can be shown as a picture of another size. */
export const isPicture = (content_type: string): boolean => Object.hasOwn(READERS, content_type);

/** A picture that can't be read; `large`: it has too many pixels. */
export class Unreadable extends Error {
  constructor(
    readonly large: boolean,
    options?: ErrorOptions,
  ) {
    super('unreadable', options);
  }
}

/** WebP, with its size in pixels. */
interface Resized {
  content: Buffer;
  width: number;
  height: number;
}

let turn: Promise<unknown> = Promise.resolve();

/** One picture at a time: unpacked, a large one takes 200 MB. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = turn.then(work);
  turn = done.catch(() => {});
  return done;
}

/**
 * A picture as WebP in another size, upright, without what its camera wrote into it. Never larger than it was, unless
 * it is to `cover` its size. @throws Unreadable
 */
export const resized = (bytes: Buffer, options: ResizeOptions): Promise<Resized> =>
  inTurn(async () => {
    // The head alone says how large it is.
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata().catch(unreadable);
    if (width * height > MAX_PIXELS) throw new Unreadable(true);
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PIXELS, sequentialRead: true, failOn: 'error' })
      .timeout({ seconds: 20 })
      .autoOrient()
      .resize(options)
      .webp({ quality: 84 })
      .toBuffer({ resolveWithObject: true })
      .catch(unreadable);
    return { content: data, width: info.width, height: info.height };
  });

/** A small picture as JPEG, as wide as an email shows it, at twice the pixels. @throws Unreadable */
export const photoFor = (bytes: Buffer): Promise<Buffer> =>
  inTurn(() =>
    sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .resize({ width: 520, height: 520, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 78 })
      .toBuffer()
      .catch(unreadable),
  );

function unreadable(cause: unknown): never {
  throw new Unreadable(false, { cause });
}
