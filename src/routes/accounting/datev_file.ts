import iconv from 'iconv-lite';
import type { Booking } from '../../documents/bookkeeping/bookings.js';
import { accountFor, type Booked } from '../../documents/bookkeeping/account_chart.js';
import { fromMinor } from '../../documents/content/decimals.js';
import { i18nOf } from '../shared/layout.js';
import { yearOf } from './accounting_page.js';
import { DATEV_COLUMNS } from './datev_columns.js';
import type { BooksContext, BooksFile } from './formats.js';
import { bookingText, voucherOf } from './wording.js';

/**
 * A booking batch in DATEV's format (EXTF 700, category 21, version 13): each line books a gross amount on a partner's
 * account, with its tax taken out by the account against it or by its key. Windows-1252.
 */
export function datevFile({ ctx, period, settings }: BooksContext): BooksFile {
  const i18n = i18nOf(ctx.actor);
  const { from, to, currency } = period;
  return {
    name: `EXTF_Buchungsstapel_${digits(from)}_${digits(to)}_${currency}.csv`,
    type: 'text/csv; charset=windows-1252',
    head: headOf({ ctx, period, settings }) + line([...DATEV_COLUMNS]),
    encode: (text) => iconv.encode(text, 'windows-1252'),
    lines: (booking) => {
      const { day, issued_on, debtor_number, creditor_number, due_on } = booking.entry;
      const own = booking.side === 'vendor' ? creditor_number : debtor_number;
      const control = accountFor(settings, booking.side === 'vendor' ? 'payables' : 'receivables').account;
      const dated = issued_on && issued_on >= from && issued_on <= to ? issued_on : day;
      return postingsOf(booking, (purpose, tax) => accountFor(settings, purpose, tax))
        .map(({ amount, account, key }) =>
          line([
            ...[fromMinor(Math.abs(amount), currency).replace('.', ','), quote(amount < 0 ? 'S' : 'H')],
            ...[quote(currency), '', '', '', String(own ?? control), account, key && quote(key), dayAndMonth(dated)],
            ...[quote(voucher(voucherOf(booking))), quote(due_on ? dueOn(due_on) : ''), ''],
            quote(plain(bookingText(booking, i18n)).slice(0, 60)),
            ...Array.from({ length: DATEV_COLUMNS.length - 14 }, () => ''),
          ]),
        )
        .join('');
    },
  };
}

interface Posting {
  /** Against the partner's account. */
  amount: number;
  account: string;
  key: string;
}

/** With its taxes in it where the program takes them out by itself; net and each tax otherwise. */
function postingsOf(
  { contra: { parts, purpose } }: Booking,
  accountOf: (...of: [typeof purpose, (typeof parts)[number]['taxes'][number] | null]) => Booked,
): Posting[] {
  return parts
    .flatMap(({ net, taxes }): Posting[] => {
      const [tax = null, ...others] = taxes;
      const { account, tax_key: key, computes } = accountOf(purpose, tax);
      if (!tax || (others.length === 0 && (computes || tax.amount === 0)))
        return [{ amount: net + (tax?.amount ?? 0), account, key }];
      const sums = taxes.map((one) => ({ amount: one.amount, account: accountOf(purpose, one).tax_account, key: '' }));
      return [{ amount: net, account, key: '' }, ...sums];
    })
    .filter(({ amount }) => amount !== 0);
}

function headOf({ ctx, period: { from, to, currency }, settings }: BooksContext): string {
  const { consultant_number, client_number, chart } = settings;
  const made = digits((ctx.actor.now ?? new Date()).toISOString()).slice(0, 17);
  const { length } = accountFor(settings, 'receivables').account;
  return line([
    ...[quote('EXTF'), '700', '21', quote('Buchungsstapel'), '13', made, '', quote('PA'), quote(''), quote('')],
    ...[consultant_number, client_number, digits(yearOf(from, settings)), String(length), digits(from), digits(to)],
    ...[quote(`Parley ${from.slice(0, 7)}`), quote(''), '1', '0', '0', quote(currency), '', quote(''), '', ''],
    ...[quote(chart === 'us' ? '' : chart.slice(3)), '', '', quote(''), quote('')],
  ]);
}

const line = (fields: string[]) => `${fields.join(';')}\r\n`;

const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** Without line breaks and other controls. */
const plain = (text: string) => text.replaceAll(/\p{Cc}+/gu, ' ');

/** Of the characters that a voucher's number may have. */
const voucher = (number: string) => number.replaceAll(/[^\w$%&*+\-/]/g, '').slice(0, 36);

const digits = (text: string) => text.replaceAll(/\D/g, '');
const dayAndMonth = (day: string) => day.slice(8, 10) + day.slice(5, 7);
/** As the second field of a voucher has a due date: DDMMYY. */
const dueOn = (day: string) => dayAndMonth(day) + day.slice(2, 4);
