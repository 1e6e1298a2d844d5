import { createHash } from 'node:crypto';
import { finished } from 'node:stream';
import type { RequestHandler } from 'express';
import multer from 'multer';
import type { Config } from '../../config.js';
import { HttpError, Invalid } from '../../errors.js';
import { isMisnamed } from '../../files/file.js';
import { safeName, type Storage, type StoredFile } from '../../files/storage.js';
import type { RequestContext } from './request_context.js';

const MAX_FILES = 20;
/** Enough for a draft with 500 lines. */
const MAX_FIELDS = 6000;
/** The files of one form are held in memory until they are stored: together at most so many times the largest. */
const TOTAL_FACTOR = 4;

/**
 * Reads a form that carries files: at most 20, each up to the configured size, together up to four times that. Other
 * forms pass untouched. A malformed one is a 400.
 */
export function uploads(config: Config): RequestHandler {
  const limits = {
    fileSize: config.max_file_bytes,
    files: MAX_FILES,
    fields: MAX_FIELDS,
    parts: MAX_FIELDS + MAX_FILES,
    // A field may hold a drawn signature.
    fieldSize: 300_000,
    fieldNameSize: 100,
  };
  const upload = multer({ storage: multer.memoryStorage(), limits, defParamCharset: 'utf8' });
  return withinSize(upload.array('files', MAX_FILES), config.max_file_bytes, TOTAL_FACTOR * config.max_file_bytes);
}

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- this is how Express is told what requests carry
  namespace Express {
    // oxlint-disable-next-line typescript/no-namespace -- and multer, what files carry
    namespace Multer {
      interface File {
        sha256?: string;
      }
    }
  }
}

/**
 * Reads the one file of a form, in the field `file`, for its SHA-256 alone (`req.file.sha256`): it is hashed as it
 * arrives and stored nowhere.
 */
export function hashedUpload(config: Config): RequestHandler {
  const limits = {
    fileSize: config.max_file_bytes,
    files: 1,
    fields: 5,
    parts: 10,
    fieldSize: 1000,
    fieldNameSize: 100,
  };
  const storage: multer.StorageEngine = { _handleFile: hashFile, _removeFile: (_req, _file, done) => done(null) };
  return withinSize(multer({ storage, limits }).single('file'), config.max_file_bytes, config.max_file_bytes + 10_000);
}

const hashFile: multer.StorageEngine['_handleFile'] = (_req, file, done) => {
  const hash = createHash('sha256');
  file.stream.on('data', (bytes: Buffer) => hash.update(bytes));
  finished(file.stream, (error) => (error ? done(error) : done(null, { sha256: hash.digest('hex') })));
};

/** Reads a multipart form unless its announced length is over `maxTotal`. */
function withinSize(read: RequestHandler, maxFile: number, maxTotal: number): RequestHandler {
  return (req, res, next) => {
    // Routes pass requests on to the next of the same address: the form may have been read already.
    if (!req.is('multipart/form-data') || req.files) return next();
    const size = Number(req.get('Content-Length') ?? Number.NaN);
    if (Number.isNaN(size)) return next(new HttpError(411, 'This form could not be read. Go back and try again.'));
    if (size > maxTotal)
      return next(new HttpError(413, 'The files are larger than {{size}} MB together.', { size: mb(maxTotal) }));
    void read(req, res, (error: unknown) => next(error && toHttpError(error, maxFile)));
  };
}

function toHttpError(error: unknown, maxFile: number): HttpError {
  const code = error instanceof multer.MulterError ? error.code : '';
  if (code === 'LIMIT_FILE_SIZE')
    return new HttpError(413, 'A file is larger than {{size}} MB.', { size: mb(maxFile) });
  if (code === 'LIMIT_FILE_COUNT' || code === 'LIMIT_UNEXPECTED_FILE')
    return new HttpError(413, 'At most {{most}} files at once.', { most: MAX_FILES });
  return new HttpError(400, 'This form could not be read. Go back and try again.');
}

const mb = (bytes: number) => Math.round(bytes / 2 ** 20);

/** Stores the files of a form. @throws Invalid if one is empty, or not what its name says. */
export async function storedFiles({ req }: RequestContext, storage: Storage): Promise<StoredFile[]> {
  const uploaded = Array.isArray(req.files) ? req.files : [];
  for (const { originalname, size } of uploaded)
    if (size === 0) throw new Invalid({ files: '“{{name}}” is empty.' }, { name: safeName(originalname) });
  const files = await Promise.all(uploaded.map((file) => storage.put(file.buffer, file.originalname, file.mimetype)));
  for (const file of files)
    if (isMisnamed(file)) throw new Invalid({ files: '“{{name}}” is not what its name says.' }, { name: file.name });
  return files;
}
