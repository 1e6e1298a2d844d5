import busboy from 'busboy';
import { Rejection } from '../rejection.js';

/**
 * The fields of a form, multipart or urlencoded, each with its bytes as they came: a message in it may be in any
 * charset. Files are fields, too. @throws NotTaken if it is no form
 */
export function readFormFields(body: Buffer, content_type: string): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    const broken = (error: unknown) => reject(new Rejection('unreadable', 'This is no form', { cause: error }));
    const fields = new Map<string, Buffer>();
    try {
      const limits = { fieldSize: body.length, fileSize: body.length, fields: 200, files: 50 };
      const form = busboy({ headers: { 'content-type': content_type }, defCharset: 'latin1', limits });
      form.on('field', (name, value) => fields.set(name, bytesOf(value)));
      form.on('file', (name, file) => {
        const chunks: Buffer[] = [];
        file.on('data', (chunk: Buffer) => chunks.push(chunk));
        file.on('close', () => fields.set(name, Buffer.concat(chunks)));
      });
      form.on('error', broken);
      form.on('close', () => resolve(fields));
      form.end(body);
    } catch (error) {
      broken(error);
    }
  });
}

/** Read as Latin-1, each letter is a byte; one beyond that was in a part that named a charset of its own. */
const bytesOf = (value: string) => Buffer.from(value, /[^\0-ÿ]/.test(value) ? 'utf8' : 'latin1');
