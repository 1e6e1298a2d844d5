import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { extract } from 'tar-fs';
import { z } from 'zod';

/** An unpacked browser. Paths are full. */
export interface Bundle {
  readonly executable: string;
  /** Libraries that a minimal Debian lacks. */
  readonly libraries: string;
  /** A fontconfig file with Open Sans and whatever fonts the system has. */
  readonly fontconfig: string;
}

/**
 * Unpacks the Chromium that comes with Parley (linux x64, 200 MB, some seconds) unless that was done before: in the
 * folder for temporary files, or else in the user's cache. Throws with both reasons if neither place will do.
 */
export async function unpackChromium(): Promise<Bundle> {
  const bin = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..', '..', 'bin');
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(bin, '..', 'package.json'), 'utf8')));
  const name = `parley-chromium-${version}-${process.getuid?.() ?? 0}`;
  const problems: string[] = [];
  for (const place of [tmpdir(), join(homedir(), '.cache')]) {
    try {
      const folder = join(place, name);
      if (!(await isOurs(folder))) await unpackInto(folder, bin);
      return contents(folder);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`Chromium could not be unpacked (${problems.join('; ')}). Install one, or name it in CHROMIUM_PATH.`);
}

function contents(folder: string): Bundle {
  return {
    executable: join(folder, 'chromium'),
    libraries: join(folder, 'al2023', 'lib'),
    fontconfig: join(folder, 'fonts.conf'),
  };
}

/** Whether it is there and whole. Throws if another user could have put it there or can change it. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return false;
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0)
    throw new Error(`${folder} is not ours`);
  const { executable, libraries, fontconfig } = contents(folder);
  // Cleaners of temporary folders take single old files.
  const parts = [
    executable,
    join(libraries, 'libnss3.so'),
    fontconfig,
    join(folder, 'fonts', 'fonts', 'Open_Sans', 'OpenSans-Regular.ttf'),
  ];
  const sizes = await Promise.all(
    parts.map((path) =>
      lstat(path).then(
        (part) => part.size,
        () => 0,
      ),
    ),
  );
  if (sizes.every((size) => size > 0)) return true;
  await rename(folder, `${folder}.old.${process.pid}`);
  await rm(`${folder}.old.${process.pid}`, { recursive: true, force: true });
  return false;
}

/**
 * Unpacks aside and renames, so that a half unpacked browser is never seen; of two processes at work the first wins.
 */
async function unpackInto(folder: string, bin: string): Promise<void> {
  const aside = `${folder}.new.${process.pid}`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(dirname(aside), { recursive: true });
  await mkdir(aside, { mode: 0o700 });
  try {
    const tar = (name: string) =>
      pipeline(createReadStream(join(bin, `${name}.tar.br`)), createBrotliDecompress(), extract(join(aside, name)));
    const program = createWriteStream(join(aside, 'chromium'), { mode: 0o700 });
    await Promise.all([
      tar('al2023'),
      tar('fonts'),
      pipeline(createReadStream(join(bin, 'chromium.br')), createBrotliDecompress(), program),
    ]);
    await writeFile(join(aside, 'fonts.conf'), fontsConfig(folder));
    await rename(aside, folder).catch(async (error: unknown) => {
      if (!(await isOurs(folder))) throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

function fontsConfig(folder: string): string {
  const folders = [join(folder, 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts'];
  const alias = (family: string) =>
    `<alias><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`;
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    ...folders.map((path) => `<dir>${path.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</dir>`),
    ...['sans-serif', 'serif', 'system-ui', 'Arial', 'Helvetica'].map(alias),
    `<cachedir>${join(folder, 'font-cache')}</cachedir>`,
    '</fontconfig>',
    '',
  ].join('\n');
}
