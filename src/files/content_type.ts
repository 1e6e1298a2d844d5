import { open } from 'node:fs/promises';
import { fileTypeFromBuffer, fileTypeFromFile } from 'file-type';

const HEAD_BYTES = 65_536;

/** Detects the type of bytes. Valid UTF-8 without control characters is text; anything else is unknown. */
export async function typeOfBytes(bytes: Buffer): Promise<string> {
  return (await fileTypeFromBuffer(bytes))?.mime ?? textOrUnknown(bytes.subarray(0, HEAD_BYTES));
}

/** The same for a file, of which only the parts are read that tell. */
export async function typeOfFile(path: string): Promise<string> {
  return (await fileTypeFromFile(path))?.mime ?? textOrUnknown(await headOf(path));
}

const textOrUnknown = (head: Buffer) =>
  /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(head.toString('utf8').slice(0, -4))
    ? 'application/octet-stream'
    : 'text/plain';

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
