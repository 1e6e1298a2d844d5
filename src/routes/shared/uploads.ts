import { createHash } from 'node:crypto';
import { finished } from 'node:stream';
import type { RequestHandler } from 'express';
import multer from 'multer';
import type { Config } from '../../config.js';
import { HttpError } from '../../errors.js';

const FILES = 20;
/** A draft of 500 lines has so many fields, and some. */
const FIELDS = 6000;
/**
 * All files of a form together: so many times the size of the largest. They are held in memory until they are stored.
 */
const TOGETHER = 4;

/**
 * Reads a form that carries files: at most 20, each up to the configured size, together up to four times that. Other
 * forms pass untouched. A malformed one is a 400.
 */
export function uploads(config: Config): RequestHandler {
  // A field may hold a drawn signature.
  const limits = {
    fileSize: config.max_file_bytes,
    files: FILES,
    fields: FIELDS,
    parts: FIELDS + FILES,
    fieldSize: 300_000,
    fieldNameSize: 100,
  };
  const read = multer({ storage: multer.memoryStorage(), limits, defParamCharset: 'utf8' }).array('files', FILES);
  return reading(read, config.max_file_bytes, TOGETHER * config.max_file_bytes);
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
 * arrives, and kept nowhere.
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
  const read = multer({
    storage: { _handleFile: hashFile, _removeFile: (_req, _file, done) => done(null) },
    limits,
  }).single('file');
  return reading(read, config.max_file_bytes, config.max_file_bytes + 10_000);
}

const hashFile: multer.StorageEngine['_handleFile'] = (_req, file, done) => {
  const hash = createHash('sha256');
  file.stream.on('data', (bytes: Buffer) => hash.update(bytes));
  finished(file.stream, (error) => (error ? done(error) : done(null, { sha256: hash.digest('hex') })));
};

function reading(read: RequestHandler, largest: number, together: number): RequestHandler {
  return (req, res, next) => {
    // Read already, by a route before that had left it to the next.
    if (!req.is('multipart/form-data') || req.files) return next();
    const size = Number(req.get('Content-Length') ?? Number.NaN);
    if (Number.isNaN(size)) return next(new HttpError(411, 'This form could not be read. Go back and try again.'));
    if (size > together) return next(new HttpError(413, `The files are larger than ${mb(together)} MB together.`));
    void read(req, res, (error: unknown) => next(error && refusal(error, largest)));
  };
}

function refusal(error: unknown, largest: number): HttpError {
  const code = error instanceof multer.MulterError ? error.code : '';
  if (code === 'LIMIT_FILE_SIZE') return new HttpError(413, `A file is larger than ${mb(largest)} MB.`);
  if (code === 'LIMIT_FILE_COUNT' || code === 'LIMIT_UNEXPECTED_FILE')
    return new HttpError(413, `At most ${FILES} files at once.`);
  return new HttpError(400, 'This form could not be read. Go back and try again.');
}

const mb = (bytes: number) => Math.round(bytes / 2 ** 20);
