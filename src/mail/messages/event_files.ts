import type { SendMailOptions } from 'nodemailer';
import { isMisnamed } from '../../files/file.js';
import type { Format } from '../../pages/format.js';
import { actionNamed } from '../../subjects/lifecycles.js';
import type { EventEmail } from './event_email.js';

/** A file on an event's subject or its comment. */
export interface EmailedFile {
  id: string;
  name: string;
  size: number;
  /** Detected from its bytes. */
  content_type: string;
  sha256: string;
  /** Of the event's comment; else of the subject. */
  said: boolean;
  /** It came with the event. */
  fresh: boolean;
}

/** A file as an email names it. */
export interface FileLink {
  name: string;
  size: string;
  url: string;
}

/** The files that an event brings: of its comment, and of the subject if they came with it or it is sent anew. */
function filesOf({ subject, activity, files }: EventEmail): EmailedFile[] {
  const all = actionNamed(subject.type, activity.action)?.freezes === true;
  return files.filter(({ said, fresh }) => said || fresh || all);
}

/** `url`: the link of the email's button, which opens each file, too. */
export const fileLinks = (event: EventEmail, url: string, format: Format): FileLink[] =>
  filesOf(event).map(({ id, name, size }) => ({ name, size: format.bytes(size), url: `${url}?file=${id}` }));

const MAX_ONE = 2 ** 20;
const MAX_TOGETHER = 3 * 2 ** 20;

/** What mail servers let through and nothing runs; an archive or a program would cost the whole email. */
const HARMLESS = /\.(?:pdf|png|jpe?g|gif|webp|heic|txt|csv|docx|xlsx|pptx|odt|ods|odp)$/i;
const TYPES =
  /^(?:application\/(?:pdf|vnd\.(?:openxmlformats|oasis)[\w.-]*)|image\/(?:png|jpeg|gif|webp|heic)|text\/plain)$/;

const isHarmless = (file: EmailedFile) =>
  HARMLESS.test(file.name) && TYPES.test(file.content_type) && !isMisnamed(file);

/** The small and harmless ones of an event's files, as attachments; the others are behind their links. */
export async function attachedFiles(
  event: EventEmail,
  read: (sha256: string) => Promise<Buffer>,
): Promise<NonNullable<SendMailOptions['attachments']>> {
  let room = MAX_TOGETHER;
  const small = filesOf(event).filter((file) => {
    const fits = file.size <= Math.min(MAX_ONE, room) && isHarmless(file);
    if (fits) room -= file.size;
    return fits;
  });
  const read_files = await Promise.all(
    small.map(async ({ name, content_type, sha256 }) => {
      const content = await read(sha256).catch(() => null); // its link says what became of it
      return content ? [{ filename: name, contentType: content_type, content }] : [];
    }),
  );
  return read_files.flat();
}
