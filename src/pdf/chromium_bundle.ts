import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { extract } from 'tar-fs';
import { z } from 'zod';

/** An unpacked browser, as absolute paths. */
interface Bundle {
  readonly executable: string;
  /** Libraries that are missing on a minimal Debian. */
  readonly libraries: string;
  /** A fontconfig file for Open Sans and the system's fonts. */
  readonly fontconfig: string;
}

/**
 * Unpacks the bundled Chromium (Linux x64, 200 MB, a few seconds) to the temporary folder, or else the user's cache,
 * unless it is already there.
 * @throws Error with both reasons if neither folder works
 */
export async function unpackChromium(): Promise<Bundle> {
  const bin = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..', '..', 'bin');
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(bin, '..', 'package.json'), 'utf8')));
  const name = `parley-chromium-${version}-${process.getuid?.() ?? 0}`;
  const problems: string[] = [];
  for (const parent of [tmpdir(), join(homedir(), '.cache')]) {
    try {
      const folder = join(parent, name);
      if (!(await isUsable(folder))) await unpackInto(folder, bin);
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

/** Whether it is unpacked and complete; removes it if not. @throws Error if another user can write to it */
async function isUsable(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return false;
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0)
    throw new Error(`${folder} is not ours`);
  const { executable, libraries, fontconfig } = contents(folder);
  // Clean-up of temporary folders may have removed single files.
  const required = [
    executable,
    join(libraries, 'libnss3.so'),
    fontconfig,
    join(folder, 'fonts', 'fonts', 'Open_Sans', 'OpenSans-Regular.ttf'),
  ];
  const sizes = await Promise.all(
    required.map((path) =>
      lstat(path).then(
        (file) => file.size,
        () => 0,
      ),
    ),
  );
  if (sizes.every((size) => size > 0)) return true;
  await rename(folder, `${folder}.old.${process.pid}`);
  await rm(`${folder}.old.${process.pid}`, { recursive: true, force: true });
  return false;
}

/** Unpacks to a temporary folder and renames it, so that it appears atomically; of two processes the first wins. */
async function unpackInto(folder: string, bin: string): Promise<void> {
  const temporary = `${folder}.new.${process.pid}`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(dirname(temporary), { recursive: true });
  await mkdir(temporary, { mode: 0o700 });
  try {
    const tar = (name: string) =>
      pipeline(createReadStream(join(bin, `${name}.tar.br`)), createBrotliDecompress(), extract(join(temporary, name)));
    const program = createWriteStream(join(temporary, 'chromium'), { mode: 0o700 });
    await Promise.all([
      tar('al2023'),
      tar('fonts'),
      pipeline(createReadStream(join(bin, 'chromium.br')), createBrotliDecompress(), program),
    ]);
    await writeFile(join(temporary, 'fonts.conf'), fontsConfig(folder));
    await rename(temporary, folder).catch(async (error: unknown) => {
      if (!(await isUsable(folder))) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
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
