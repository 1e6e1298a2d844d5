import { bankLetters, inBankLetters } from './bank_letters.js';
import { sumOf, type Transfer, type TransferOrder } from './transfer_order.js';

const WIDTH = 94;
/** Records that a file is filled up to: a block. */
const BLOCK = 10;
/** Credits only; the bank takes their sum from the account that the file comes from. */
const CREDITS = '220';
const CREDIT_TO_CHECKING = '22';
/** The last amount that fits, in cents. */
export const MOST_CENTS = 9_999_999_999;

/** How wide names are: in the header of the file, of the batch, and of whom an entry pays. */
const [NAME, SHORT_NAME, HOLDER] = [23, 16, 22];

interface Names {
  payer: { name: string; bank_name: string };
  transfers: readonly { account: { holder: string } }[];
}

/** Whether all names can be told from others by what this file can hold of them. */
export const holdsNames = ({ payer, transfers }: Names): boolean =>
  inBankLetters(payer.bank_name, NAME) &&
  inBankLetters(payer.name, SHORT_NAME) &&
  transfers.every(({ account }) => inBankLetters(account.holder, HOLDER));

const left = (text: string, width: number) => bankLetters(text, width).toUpperCase().padEnd(width);
const digits = (value: number | string, width: number) => String(value).padStart(width, '0');
const date = (day: string) => day.slice(2).replaceAll('-', '');

/** Entries of one kind: credits of companies (CCD) or of private persons (PPD). */
interface Batch {
  code: 'CCD' | 'PPD';
  number: number;
  transfers: readonly Transfer[];
}

/**
 * An ACH file of credits, one for each vendor, with the numbers of the bills as addenda; those of private persons in a
 * batch of their own.
 */
export function nacha(order: TransferOrder): string {
  const found = batchesOf(order);
  const batches = found.flatMap((batch, i) => {
    const before = found.slice(0, i).reduce((sum, { transfers }) => sum + transfers.length, 0);
    const entries = batch.transfers.flatMap((transfer, n) => entry(order, transfer, before + n + 1));
    return [batchHeader(order, batch), ...entries, batchControl(order, batch)];
  });
  const count = batches.length + 2;
  const blocks = Math.ceil(count / BLOCK);
  const records = [fileHeader(order), ...batches, fileControl(order, found.length, blocks)];
  const filler = Array.from({ length: blocks * BLOCK - count }, () => '9'.repeat(WIDTH));
  return `${[...records, ...filler].join('\r\n')}\r\n`;
}

function batchesOf({ transfers }: TransferOrder): Batch[] {
  const of = (type: Transfer['holder_type']) => transfers.filter(({ holder_type }) => holder_type === type);
  const kinds = [
    { code: 'CCD', transfers: of('company') },
    { code: 'PPD', transfers: of('person') },
  ] as const;
  return kinds.filter((batch) => batch.transfers.length).map((batch, i) => ({ ...batch, number: i + 1 }));
}

const routingOf = ({ numbers }: { numbers: Readonly<Record<string, string>> }) => numbers['routing'] ?? '';
/** The bank that the file goes to: its routing number without the check digit. */
const originator = ({ payer }: TransferOrder) => routingOf(payer).slice(0, 8);
/** ANSI: 1 and the employer identification number. */
const company = ({ payer }: TransferOrder) => `1${payer.employer_number}`;

function fileHeader(order: TransferOrder): string {
  const { payer, ordered_at, number } = order;
  const at = ordered_at.toISOString();
  const modifier = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.charAt((number - 1) % 36);
  return [
    ...['101', ` ${routingOf(payer)}`, company(order)],
    ...[date(at.slice(0, 10)), at.slice(11, 16).replace(':', ''), modifier, '094101'],
    ...[left(payer.bank_name, NAME), left(payer.name, NAME), left('', 8)],
  ].join('');
}

const batchHeader = (order: TransferOrder, { code, number }: Batch) =>
  [
    ...['5', CREDITS, left(order.payer.name, SHORT_NAME), left('', 20), company(order), code, left('VENDOR PAY', 10)],
    ...[date(order.ordered_at.toISOString().slice(0, 10)), date(order.pay_on), left('', 3), '1', originator(order)],
    digits(number, 7),
  ].join('');

/** The entry and its addendum. */
function entry(order: TransferOrder, { account, amount, reference, text }: Transfer, n: number): string[] {
  const detail = [
    ...['6', CREDIT_TO_CHECKING, routingOf(account), left(account.numbers['account'] ?? '', 17), digits(amount, 10)],
    ...[left(reference, 15), left(account.holder, HOLDER), left('', 2), '1', originator(order), digits(n, 7)],
  ];
  return [detail.join(''), ['705', left(text, 80), digits(1, 4), digits(n, 7)].join('')];
}

type Transfers = Pick<TransferOrder, 'transfers'>;

/** The routing numbers without check digits, added up; what doesn't fit is cut off on the left. */
const hash = ({ transfers }: Transfers) =>
  digits(transfers.reduce((sum, { account }) => sum + Number(routingOf(account).slice(0, 8)), 0) % 10_000_000_000, 10);

const totals = (all: Transfers) => [hash(all), digits(0, 12), digits(sumOf(all.transfers), 12)];
const lines = ({ transfers }: Transfers) => transfers.length * 2;

const batchControl = (order: TransferOrder, batch: Batch) =>
  [
    ...['8', CREDITS, digits(lines(batch), 6), ...totals(batch), company(order)],
    ...[left('', 19), left('', 6), originator(order), digits(batch.number, 7)],
  ].join('');

const fileControl = (order: TransferOrder, batches: number, blocks: number) =>
  ['9', digits(batches, 6), digits(blocks, 6), digits(lines(order), 8), ...totals(order), left('', 39)].join('');
