import { PassThrough, Readable } from 'node:stream';
import type pg from 'pg';
import { ZipFile } from 'yazl';
import { Missing } from '../../errors.js';
import { type Storage, safeName } from '../../files/storage.js';
import type { Translate } from '../../pages/i18n.js';
import { type ArchiveRow, type ArchiveSubject, rowsOf } from './archive_rows.js';
import { ACCOUNT_SECTIONS, type Section, SECTIONS } from './archive_sections.js';

interface Sources {
  pool: pg.Pool;
  storage: Storage;
}

interface Archive extends ArchiveSubject {
  organization: string;
  photo_sha256: string | null;
  /** For the person themselves: with what belongs to their user in all organizations. */
  own: boolean;
  t: Translate;
}

/** Somebody's data as a zip: data.json, their files and photo, and what that is. Read as it is sent. */
export function openArchive(sources: Sources, archive: Archive): Readable {
  const zip = new ZipFile();
  // A stream of its own, since it must end at once when it is broken off, whatever the zip waits for.
  const output = zip.outputStream.pipe(new PassThrough());
  zip.on('error', (error: Error) => output.destroy(error));
  zip.addBuffer(Buffer.from(readme(archive)), 'README.txt');
  zip.addReadStream(Readable.from(dataJson(sources.pool, archive)), 'data.json');
  if (archive.photo_sha256) addFile({ zip, output }, sources.storage, archive.photo_sha256, 'files/photo.webp');
  addFiles({ zip, output }, sources, archive).then(
    () => zip.end(),
    (error: Error) => output.destroy(error),
  );
  return output;
}

function readme({ organization, t }: Archive): string {
  const lines = [
    t('This is what {{organization}} keeps about you.', { organization }),
    t('data.json has all of it by kind. Times are in UTC, and amounts have their currency beside them.'),
    t('The folder “files” has your photo and the files that you sent.'),
  ];
  return `${lines.join('\r\n\r\n')}\r\n`;
}

const sectionsOf = ({ own }: Archive) => [
  ...SECTIONS.map((section) => ({ section, account: false })),
  ...(own ? ACCOUNT_SECTIONS.map((section) => ({ section, account: true })) : []),
];

async function* dataJson(pool: pg.Pool, archive: Archive): AsyncGenerator<string> {
  yield '{';
  for (const [n, { section, account }] of sectionsOf(archive).entries()) {
    yield `${n ? ',' : ''}\n  ${JSON.stringify(section.name)}: [`;
    let separator = '\n    ';
    for await (const rows of rowsOf(pool, archive, section, account)) {
      if (rows.length) yield separator + rows.map((row) => JSON.stringify(shown(row, section))).join(',\n    ');
      if (rows.length) separator = ',\n    ';
    }
    yield '\n  ]';
  }
  yield '\n}\n';
}

/** A file says where in the archive it is. */
function shown(row: ArchiveRow, { file }: Section): ArchiveRow {
  if (!file) return row;
  const { id: _, ...rest } = row;
  return { ...rest, path: pathOf(row) };
}

/** Names may be the same, ids not. */
const pathOf = ({ id, name }: ArchiveRow) => `files/${String(id).slice(-12)}-${safeName(String(name))}`;

interface Target {
  zip: ZipFile;
  output: Readable;
}

async function addFiles(target: Target, { pool, storage }: Sources, archive: Archive): Promise<void> {
  for (const section of SECTIONS.filter(({ file }) => file))
    for await (const rows of rowsOf(pool, archive, section))
      for (const row of rows) addFile(target, storage, String(row['sha256']), pathOf(row));
}

/** Opened once its turn has come. What is no longer stored is left empty. */
function addFile({ zip, output }: Target, storage: Storage, sha256: string, path: string): void {
  zip.addReadStreamLazy(path, { compress: false }, (give) => {
    openFile(output, storage, sha256).then(
      (bytes) => give(null, bytes),
      (error: unknown) => give(error, Readable.from([])),
    );
  });
}

async function openFile(output: Readable, storage: Storage, sha256: string): Promise<Readable> {
  const found = await storage.read(sha256).catch((error: unknown) => {
    if (error instanceof Missing) return null;
    throw error;
  });
  if (!found) return Readable.from([]);
  const { bytes } = found;
  // A download that is broken off leaves no file open.
  const close = () => bytes.destroy();
  output.once('close', close);
  bytes.once('error', (error) => output.destroy(error));
  bytes.once('close', () => output.off('close', close));
  return bytes;
}
