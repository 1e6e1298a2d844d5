import { unzipSync } from 'fflate';
import Papa from 'papaparse';
import { readSheet } from 'read-excel-file/universal';
import { decodeText } from '../files/decode_text.js';
import { Invalid } from '../errors.js';

/** A table as it was read: cells as text. */
interface ReadTable {
  /** 'XLSX', or the character set. */
  written: string;
  /** Between the cells of a text; '' in XLSX. */
  separator: string;
  rows: string[][];
}

/** Rows and columns of a table, letters of a cell, and bytes of a spreadsheet once it is unpacked. */
const MOST = { rows: 50_000, columns: 100, letters: 5000, unpacked: 300 * 2 ** 20 };

/**
 * Reads the bytes of a CSV (in UTF-8, UTF-16 or Windows-1252; by commas, semicolons or tabs) or of an XLSX file, whose
 * first sheet is taken. Formulas are taken at their stored value and never computed.
 * @throws Invalid by `file` if it is neither, has no rows, or too many
 */
export async function readTable(bytes: Buffer): Promise<ReadTable> {
  const isZip = bytes.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4]));
  const table = isZip ? await readWorkbook(bytes) : readText(bytes);
  const rows = table.rows.filter((cells) => cells.some((cell) => cell.trim()));
  if (rows.length < 2) throw new Invalid({ file: 'This table has no rows below its headings.' });
  if (rows.length > MOST.rows + 1)
    throw new Invalid({ file: 'This table has too many rows. Import up to 50,000 at a time.' });
  if (rows.some((cells) => cells.length > MOST.columns || cells.some((cell) => cell.length > MOST.letters)))
    throw new Invalid({ file: 'A row of this table is too long.' });
  return { ...table, rows };
}

function readText(bytes: Buffer): ReadTable {
  if (bytes.subarray(0, 8000).includes(0) && !/^(\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1', 0, 2)))
    throw new Invalid({ file: 'Choose a CSV or XLSX file.' });
  const text = decodeText(bytes);
  const { data, meta } = Papa.parse<string[]>(text, { skipEmptyLines: 'greedy' });
  return { written: encodingOf(bytes), separator: meta.delimiter, rows: data };
}

/** The character set that `decodeText` found, for people. */
function encodingOf(bytes: Buffer): string {
  if (/^(\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1', 0, 2))) return 'UTF-16';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'UTF-8';
  } catch {
    return 'Windows-1252';
  }
}

async function readWorkbook(bytes: Buffer): Promise<ReadTable> {
  refuseBomb(bytes);
  try {
    const sheet = await readSheet(new Uint8Array(bytes).buffer);
    return { written: 'XLSX', separator: '', rows: sheet.map((cells) => cells.map(textOf)) };
  } catch {
    throw new Invalid({ file: 'This file could not be read. Save it as CSV, and try again.' });
  }
}

/** @throws Invalid if it says that it is far larger once it is unpacked */
function refuseBomb(bytes: Buffer): void {
  let unpacked = 0;
  try {
    unzipSync(bytes, {
      filter: ({ originalSize }) => {
        unpacked += originalSize;
        return false;
      },
    });
  } catch {
    throw new Invalid({ file: 'Choose a CSV or XLSX file.' });
  }
  if (unpacked > MOST.unpacked) throw new Invalid({ file: 'This file is too large.' });
}

/** A cell as it would be typed: numbers with a point, days as ISO 8601. */
const textOf = (cell: unknown): string =>
  cell === null || cell === undefined
    ? ''
    : cell instanceof Date
      ? cell.toISOString().slice(0, 10)
      : `${cell as string | number | boolean}`;
