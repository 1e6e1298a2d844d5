import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Away, isOutage } from '../db/outage.js';
import { Missing } from '../errors.js';
import { typeOfBytes } from './content_type.js';
import { holdBytes, removeAbandoned } from './held_file.js';
import { hashIn, type Listed, named, type Storage } from './storage.js';

/** Where a bucket is; without keys, the machine's own role is taken. */
interface Bucket {
  bucket: string;
  region: string;
  /** Of a service that isn't Amazon's. */
  endpoint?: string | undefined;
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
}

/** @throws Error, for the terminal, if there is no such bucket, or it isn't ours. One that is away is there later. */
export async function requireBucket(place: Bucket): Promise<void> {
  const { bucket } = place;
  await asked(clientFor(place).send(new HeadBucketCommand({ Bucket: bucket }))).catch((error: unknown) => {
    if (error instanceof Away) return;
    throw new Error(
      error instanceof Missing
        ? `S3_BUCKET: there is no bucket ${bucket}.`
        : `S3_BUCKET: ${bucket} can’t be read: ${error instanceof Error ? error.name : String(error)}.`,
    );
  });
}

const clientFor = ({ region, endpoint, credentials }: Bucket) =>
  new S3Client({
    region,
    ...(credentials ? { credentials } : {}),
    // Many services don't know a host for each bucket, nor checksums that nobody asked for.
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });

/**
 * Storage in a bucket of S3 or what speaks like it, shared by all machines; objects are named by their SHA-256. What
 * comes in is held in a local folder until it is known to be wanted. Each method throws Away if the service is.
 */
export function s3Storage(place: Bucket, incoming: string): Storage {
  const { bucket } = place;
  removeAbandoned(incoming).catch(() => {}); // the next start will
  const client = clientFor(place);
  const at = (sha256: string) => ({ Bucket: bucket, Key: sha256 });
  // Also if it is there: it counts as new from now on, so that it isn't removed as an orphan.
  const send = (sha256: string, Body: Buffer) => client.send(new PutObjectCommand({ ...at(sha256), Body }));
  return {
    async put(bytes, name, declared_type) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await asked(send(sha256, bytes));
      return named({ sha256, content_type: await typeOfBytes(bytes), size: bytes.length }, name, declared_type);
    },
    hold: (bytes) => holdBytes(incoming, bytes),
    async keep({ path, ...held }, name, declared_type) {
      // In parts, each of which is tried again.
      const upload = new Upload({ client, params: { ...at(held.sha256), Body: createReadStream(path) } });
      await asked(upload.done()).finally(() => rm(path, { force: true }));
      return named(held, name, declared_type);
    },
    discard: ({ path }) => rm(path, { force: true }),
    ...readingFrom(client, at),
    remove: async (sha256) => void (await asked(client.send(new DeleteObjectCommand(at(sha256))))),
    ...sweeping(client, bucket),
  };
}

type At = (sha256: string) => { Bucket: string; Key: string };

function readingFrom(client: S3Client, at: At): Pick<Storage, 'get' | 'find' | 'read' | 'sizeOf'> {
  const object = (sha256: string) => asked(client.send(new GetObjectCommand(at(sha256))));
  const whole = async (sha256: string) => {
    const { Body } = await object(sha256);
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  return {
    get: whole,
    find: (sha256) => whole(sha256).catch(orNull),
    async read(sha256) {
      const { Body, ContentLength } = await object(sha256);
      if (!(Body instanceof Readable)) throw new Error('There is no such file.');
      return { size: ContentLength ?? 0, bytes: Body };
    },
    sizeOf: (sha256) =>
      asked(client.send(new HeadObjectCommand(at(sha256)))).then(({ ContentLength }) => ContentLength ?? 0, orNull),
  };
}

function sweeping(client: S3Client, bucket: string): Pick<Storage, 'list' | 'removeOlder'> {
  return {
    async *list(): AsyncGenerator<Listed> {
      let ContinuationToken: string | undefined;
      do {
        const page = await asked(client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken })));
        for (const { Key = '', Size = 0, LastModified } of page.Contents ?? [])
          yield { path: Key, sha256: hashIn(Key), size: Size, modified: LastModified?.getTime() ?? Date.now() };
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
    },
    // Between the two requests it may be stored again; nothing in the protocol prevents that.
    async removeOlder({ path }, time) {
      const at = { Bucket: bucket, Key: path };
      const head = await asked(client.send(new HeadObjectCommand(at))).catch(orNull);
      if (!head?.LastModified || head.LastModified.getTime() >= time) return false;
      await asked(client.send(new DeleteObjectCommand(at)));
      return true;
    },
  };
}

/** What the service answers. @throws Missing if there is no such object, Away if it doesn't answer or can't */
async function asked<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    const status = error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0;
    if (status === 404 && !isNoBucket(error)) throw new Missing({ cause: error });
    if (status >= 500 || status === 429 || isOutage(error) || isTimeout(error))
      throw new Away('The storage service doesn’t answer.', { cause: error });
    throw error;
  }
}

const isNoBucket = (error: unknown) => error instanceof Error && error.name === 'NoSuchBucket';
const isTimeout = (error: unknown) => error instanceof Error && /^(TimeoutError|AbortError)$/.test(error.name);

function orNull(error: unknown): null {
  if (error instanceof Missing) return null;
  throw error;
}
