import { z } from 'zod';

const text = z.string().trim().min(1).optional();

/** The settings of a bucket that files are stored in, instead of the data folder. */
export const S3_SETTINGS = {
  S3_BUCKET: text,
  S3_REGION: text,
  S3_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be a URL like https://s3.example.com' }).optional(),
  S3_ACCESS_KEY_ID: text,
  S3_SECRET_ACCESS_KEY: text,
};

type Settings = { [Name in keyof typeof S3_SETTINGS]?: string | undefined };

/** The bucket that files are stored in; null: the data folder. @throws Error, for the terminal, if it is set by half */
export function s3Config(e: Settings) {
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: id, S3_SECRET_ACCESS_KEY: key } = e;
  if (!id !== !key) throw new Error('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY go together: set both, or neither.');
  if (!bucket && (id || e.S3_ENDPOINT || e.S3_REGION)) throw new Error('S3_BUCKET: set it, too, or nothing of S3.');
  if (!bucket) return null;
  const credentials = id && key ? { accessKeyId: id, secretAccessKey: key } : undefined;
  return { bucket, region: e.S3_REGION ?? 'us-east-1', endpoint: e.S3_ENDPOINT, credentials };
}
