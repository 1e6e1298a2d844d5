import type { RequestHandler } from 'express';
import multer from 'multer';
import type { Config } from '../config.js';
import { HttpError } from '../errors.js';

const FILES = 20;

/** Reads a form that carries files: at most 20, each up to the configured size. Other forms pass untouched. A malformed one is a 400. */
export function uploads(config: Config): RequestHandler {
  const limits = { fileSize: config.max_file_bytes, files: FILES, fields: 2000, parts: 2000, fieldSize: 200_000, fieldNameSize: 100 };
  const read = multer({ storage: multer.memoryStorage(), limits, defParamCharset: 'utf8' }).array('files', FILES);
  return (req, res, next) => {
    if (!req.is('multipart/form-data')) return next();
    read(req, res, (error: unknown) => {
      if (!error) return next();
      const code = error instanceof multer.MulterError ? error.code : '';
      if (code === 'LIMIT_FILE_SIZE')
        return next(new HttpError(413, `A file is larger than ${Math.round(config.max_file_bytes / 2 ** 20)} MB.`));
      if (code === 'LIMIT_FILE_COUNT' || code === 'LIMIT_UNEXPECTED_FILE')
        return next(new HttpError(413, `At most ${FILES} files at once.`));
      next(new HttpError(400, 'This form could not be read. Go back and try again.'));
    });
  };
}
