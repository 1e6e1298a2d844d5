import type { RequestHandler } from 'express';
import multer from 'multer';
import type { Config } from '../config.js';
import { HttpError } from '../errors.js';

const FILES = 20;
/** All files of a form together: so many times the size of the largest. They are held in memory until they are stored. */
const TOGETHER = 4;

/** Reads a form that carries files: at most 20, each up to the configured size, together up to four times that. Other forms pass untouched. A malformed one is a 400. */
export function uploads(config: Config): RequestHandler {
  const limits = { fileSize: config.max_file_bytes, files: FILES, fields: 2000, parts: 2000, fieldSize: 200_000, fieldNameSize: 100 };
  const read = multer({ storage: multer.memoryStorage(), limits, defParamCharset: 'utf8' }).array('files', FILES);
  return (req, res, next) => {
    // Read already, by a route before that had left it to the next.
    if (!req.is('multipart/form-data') || req.files) return next();
    const size = Number(req.get('Content-Length') ?? Number.NaN);
    if (Number.isNaN(size)) return next(new HttpError(411, 'This form could not be read. Go back and try again.'));
    if (size > TOGETHER * config.max_file_bytes)
      return next(new HttpError(413, `The files are larger than ${mb(TOGETHER * config.max_file_bytes)} MB together.`));
    read(req, res, (error: unknown) => {
      if (!error) return next();
      const code = error instanceof multer.MulterError ? error.code : '';
      if (code === 'LIMIT_FILE_SIZE') return next(new HttpError(413, `A file is larger than ${mb(config.max_file_bytes)} MB.`));
      if (code === 'LIMIT_FILE_COUNT' || code === 'LIMIT_UNEXPECTED_FILE')
        return next(new HttpError(413, `At most ${FILES} files at once.`));
      next(new HttpError(400, 'This form could not be read. Go back and try again.'));
    });
  };
}

const mb = (bytes: number) => Math.round(bytes / 2 ** 20);
