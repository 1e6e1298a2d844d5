import { createHash } from 'node:crypto';
import { finished, type Readable } from 'node:stream';
import type { RequestHandler } from 'express';
import multer from 'multer';
import type { Config } from '../../config.js';
import { HttpError, Invalid } from '../../errors.js';
import { isMisnamed } from '../../files/file.js';
import type { HeldFile } from '../../files/held_file.js';
import { safeName, type Storage, type StoredFile } from '../../files/storage.js';
import { keepsCause } from '../../telemetry/cause.js';
import type { RequestContext } from './request_context.js';

const MAX_FILES = 20;
/** More than that is no form of ours: it is not read to its end. */
const MAX_PARTS = 200;
/** Longer text is refused by its field. A drawn signature is a field, too. */
const MAX_FIELD = 1_000_000;
/** Enough for a draft with 500 lines. */
const MAX_FIELDS = 6000;
/** The files of one form are together at most so many times the largest. */
export const TOTAL_FACTOR = 4;

/**
 * Reads a form that carries files: at most 20, each up to the configured size, together up to four times that. Other
 * forms pass untouched. A malformed one is a 400. Files are written to disk as they arrive, and removed at the end of the
 * request if `storedFiles` was not asked for them; what is too much of them is said there, so that the form can be shown
 * again. Without a storage they are kept in memory.
 */
export function uploads(config: Config, storage?: Storage): RequestHandler {
  const { max_file_bytes } = config;
  if (!storage) return readFiles(config, multer.memoryStorage(), { fileSize: max_file_bytes, files: MAX_FILES });
  const read = readFiles(config, heldIn(storage, max_file_bytes), { files: MAX_PARTS });
  return (req, res, next) => {
    res.once('close', () => takeHeld(req.files).forEach(({ held }) => void storage.discard(held)));
    read(req, res, next);
  };
}

function readFiles(config: Config, storage: multer.StorageEngine, limits: multer.Options['limits']): RequestHandler {
  const all = {
    ...limits,
    fields: MAX_FIELDS,
    parts: MAX_FIELDS + MAX_PARTS,
    fieldSize: MAX_FIELD,
    fieldNameSize: 100,
  };
  const upload = multer({ storage, limits: all, defParamCharset: 'utf8' });
  return withinSize(upload.array('files'), config.max_file_bytes, TOTAL_FACTOR * config.max_file_bytes);
}

const heldIn = (storage: Storage, most: number): multer.StorageEngine => ({
  _handleFile: (_req, file, done) => void holdUpTo(most, file.stream, storage).then((taken) => done(null, taken), done),
  _removeFile: (_req, { held }, done) =>
    void (held ? storage.discard(held) : Promise.resolve()).then(() => done(null), done),
});

/** What is too large is held for a moment only: a form as a whole has its limit, too. */
async function holdUpTo(most: number, bytes: Readable, storage: Storage): Promise<Partial<Express.Multer.File>> {
  // A file that broke off would be reported as a damaged form, instead of why it could not be held.
  const held = await storage.hold(bytes.iterator({ destroyOnReturn: false })).finally(() => bytes.resume());
  if (held.size <= most) return { held, size: held.size };
  await storage.discard(held);
  return { size: held.size, too_large: most };
}

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- this is how Express is told what requests carry
  namespace Express {
    // oxlint-disable-next-line typescript/no-namespace -- and multer, what files carry
    namespace Multer {
      interface File {
        sha256?: string;
        held?: HeldFile | undefined;
        /** It is larger than this, and was not kept. */
        too_large?: number;
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
    // Called back from the events of the request, which began before its cause was known.
    const done = keepsCause((error: unknown) => next(error && toHttpError(error, maxFile)));
    void read(req, res, done);
  };
}

function toHttpError(error: unknown, maxFile: number): HttpError {
  if (error instanceof HttpError) return error;
  const code = error instanceof multer.MulterError ? error.code : '';
  if (code === 'LIMIT_FILE_SIZE')
    return new HttpError(413, 'A file is larger than {{size}} MB.', { size: mb(maxFile) });
  if (code === 'LIMIT_FILE_COUNT' || code === 'LIMIT_UNEXPECTED_FILE')
    return new HttpError(413, 'At most {{most}} files at once.', { most: MAX_FILES });
  return new HttpError(400, 'This form could not be read. Go back and try again.');
}

const mb = (bytes: number) => Math.round(bytes / 2 ** 20);

/** 413: too many files, or too large a one. */
class TooMuch extends Invalid {
  override readonly status = 413;
}

/** Stores the files of a form. @throws Invalid if there are too many, or one can't be used: then none is stored. */
export async function storedFiles({ req }: RequestContext, storage: Storage): Promise<StoredFile[]> {
  const files = takeHeld(req.files);
  try {
    refuseTooMuch(sentFiles(req.files));
    files.forEach(refuseUnusable);
    return await Promise.all(files.map(({ held, name, declared_type }) => storage.keep(held, name, declared_type)));
  } finally {
    await Promise.all(files.map(({ held }) => storage.discard(held)));
  }
}

const sentFiles = (files: Express.Request['files']) => (Array.isArray(files) ? files : []);

/** The files of a form, for whoever asks first: only they store or remove them. */
function takeHeld(files: Express.Request['files']) {
  return sentFiles(files).flatMap((file) => {
    const { held, originalname, mimetype } = file;
    file.held = undefined;
    return held ? [{ held, name: originalname, declared_type: mimetype }] : [];
  });
}

function refuseTooMuch(files: Express.Multer.File[]): void {
  if (files.length > MAX_FILES) throw new TooMuch({ files: 'At most {{most}} files at once.' }, { most: MAX_FILES });
  const large = files.find(({ too_large }) => too_large);
  if (!large) return;
  const values = { name: safeName(large.originalname), size: mb(large.too_large ?? 0) };
  throw new TooMuch({ files: '“{{name}}” is larger than {{size}} MB.' }, values);
}

function refuseUnusable({ held, name }: { held: HeldFile; name: string }): void {
  const safe = safeName(name);
  if (held.size === 0) throw new Invalid({ files: '“{{name}}” is empty.' }, { name: safe });
  if (isMisnamed({ ...held, name: safe }))
    throw new Invalid({ files: '“{{name}}” is not what its name says.' }, { name: safe });
}
