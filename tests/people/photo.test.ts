import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { Invalid } from '../../src/errors.js';
import { diskStorage } from '../../src/files/disk_storage.js';
import type { Storage } from '../../src/files/storage.js';
import { storePhoto } from '../../src/people/photo.js';

let folder: string;
let storage: Storage;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photo-'));
  storage = diskStorage(folder);
});
after(() => rm(folder, { recursive: true }));

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 20, b: 20 } } });

test('a photo becomes an upright square without what the camera wrote into it', async () => {
  const exif = { IFD0: { Artist: 'Maya Chen' }, IFD3: { GPSLatitude: '43/1 39/1 0/1' } };
  const blue = await plain(400, 300).tint('#0000ff').png().toBuffer();
  // Taken sideways: what is at its left belongs at the top.
  const sideways = plain(800, 600).composite([{ input: blue, left: 0, top: 150 }]);
  const taken = await sideways.withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const stored = await storage.get(await storePhoto(storage, taken));
  const { format, width, height, exif: left, orientation } = await sharp(stored).metadata();
  assert.deepEqual([format, width, height, left, orientation], ['webp', 512, 512, undefined, undefined]);
  const { data, info } = await sharp(stored).raw().toBuffer({ resolveWithObject: true });
  const blueAt = (x: number, y: number) => (data[(y * info.width + x) * info.channels] ?? 0) < 128;
  assert.deepEqual([blueAt(256, 100), blueAt(256, 412)], [true, false]);
});

test('what is no photo, too large, cut off or a bomb is refused with a sentence', async () => {
  const jpeg = await plain(600, 600).jpeg().toBuffer();
  const bomb = await plain(8100, 8100).png({ compressionLevel: 1 }).toBuffer();
  assert.ok(bomb.length < 2 ** 21);
  const refused: [string, Buffer][] = [
    ['Use a JPEG, PNG or WebP photo.', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')],
    ['Use a JPEG, PNG or WebP photo.', Buffer.from('<html>photo.jpg</html>')],
    ['Use a JPEG, PNG or WebP photo.', await plain(10, 10).tiff().toBuffer()],
    ['We couldn’t read this photo. Choose another one.', jpeg.subarray(0, 300)],
    ['This photo has too many pixels. Use a smaller one.', bomb],
    ['Use a photo of at most {{size}} MB.', Buffer.alloc(16 * 2 ** 20)],
  ];
  for (const [sentence, bytes] of refused)
    await assert.rejects(
      () => storePhoto(storage, bytes),
      (error) => error instanceof Invalid && error.fields['photo'] === sentence,
      sentence,
    );
});
