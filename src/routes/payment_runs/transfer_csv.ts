import type { TransferOrder } from '../../payments/runs/transfer_order.js';
import { BYTE_ORDER_MARK, type Cell, csvLine } from '../lists/csv_file.js';

const HEADS = ['Name', 'Account number', 'BIC', 'Routing number', 'Other details', 'Country', 'Amount', 'Currency'];

/** A run's transfers for a bank that reads neither of the other formats, or for typing them in. */
export function transferCsv({ transfers, currency, pay_on }: TransferOrder, locale: string): string {
  const rows = transfers.map(({ account, amount, reference, text }): Cell[] => {
    const { account: number = '', bic = '', routing = '', details = '' } = account.numbers;
    const where = [account.holder, number, bic, routing, details, account.country];
    return [...where, { minor: amount, currency }, currency, { day: pay_on }, reference, text];
  });
  const lines = [[...HEADS, 'Payment date', 'Reference', 'Bills'], ...rows];
  return BYTE_ORDER_MARK + lines.map((cells) => csvLine(cells, locale)).join('');
}
