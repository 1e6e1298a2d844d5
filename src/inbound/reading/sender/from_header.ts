import { domainToASCII } from 'node:url';
import type { HeaderField } from '../headers.js';
import { valuesOf } from '../headers.js';

/** The sender named in From. Only the address identifies a person; the name is for display. */
export interface Sender {
  readonly address: string;
  readonly name: string;
}

export type SenderReading = { readonly sender: Sender } | { readonly problem: string };

const LOCAL = /^[^\s"<>()[\]\\,;:@\p{Cc}]{1,64}$/u;
const DOMAIN = /^(?=.{1,255}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/**
 * Parses From strictly, so that no other program can read it differently (RFC 5322 section 3.6.2, RFC 7489 section
 * 6.6.1): exactly one header and one address, no group, no quoted or encoded local part. `decodedName` is the decoded
 * display name.
 */
export function readSender(fields: readonly HeaderField[], decodedName: string): SenderReading {
  const values = valuesOf(fields, 'from');
  const [value] = values;
  if (value === undefined) return { problem: 'The message has no From.' };
  if (values.length > 1) return { problem: 'The message has more than one From.' };
  if (fields.some((field) => field.name !== field.name.trim() && /^from$/i.test(field.name.trim())))
    return { problem: 'The From header is malformed.' };
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0008\u000B-\u001F\u007F]/.test(value))
    return { problem: 'The From header has control characters in it.' };
  return readMailbox(value, decodedName);
}

function readMailbox(value: string, decodedName: string): SenderReading {
  const outer = outside(value);
  if (outer === null) return { problem: 'The From header is malformed.' };
  if (/[:;]/.test(outer.plain)) return { problem: 'From names a group, not a person.' };
  if (outer.plain.includes(',') || outer.angles.length > 1) return { problem: 'From names several addresses.' };
  const spec = (outer.angles[0] ?? outer.plain).trim();
  if (outer.angles.length === 0 && outer.quoted) return { problem: 'The address in From is quoted.' };
  return readAddress(spec, decodedName);
}

function readAddress(spec: string, name: string): SenderReading {
  if (spec.includes('"')) return { problem: 'The address in From is quoted.' };
  if (spec.includes('=?')) return { problem: 'The address in From is encoded.' };
  const at = spec.lastIndexOf('@');
  const [local, domain] = [spec.slice(0, at), domainToASCII(spec.slice(at + 1))];
  if (at < 1 || !LOCAL.test(local) || !DOMAIN.test(domain)) return { problem: 'From has no valid address.' };
  const lower = local.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return { sender: { address: `${lower}@${domain}`, name: cleanName(name) } };
}

interface Outside {
  readonly plain: string;
  readonly angles: readonly string[];
  readonly quoted: boolean;
}

/** Splits a value into the texts in angle brackets and the rest outside quotes and comments; null if unbalanced. */
function outside(value: string): Outside | null {
  let [plain, angle, quoted, anyQuote, comments] = ['', null as string | null, false, false, 0];
  const angles: string[] = [];
  for (let i = 0; i < value.length; i++) {
    const char = value.charAt(i);
    if (char === '\\' && (quoted || comments > 0)) i += 1;
    else if (char === '"' && comments === 0 && angle === null) [quoted, anyQuote] = [!quoted, true];
    else if (quoted) continue;
    else if (char === '(' && angle === null) comments += 1;
    else if (char === ')' && comments > 0) comments -= 1;
    else if (comments > 0) continue;
    else if (char === '<' && angle === null) angle = '';
    else if (char === '>' && angle !== null) [angle] = [(angles.push(angle), null)];
    else if (angle !== null) angle += char;
    else plain += char;
  }
  return quoted || comments > 0 || angle !== null ? null : { plain, angles, quoted: anyQuote };
}

function cleanName(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
}
