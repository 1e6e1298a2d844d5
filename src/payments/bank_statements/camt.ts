import { XMLParser } from 'fast-xml-parser';
import { Invalid } from '../../errors.js';
import { bankAmount } from './bank_amount.js';
import type { BankEntry } from './bank_entry.js';

/** What may stand several times; everything else of a statement is read as one. */
const LISTS = new Set(['stmt', 'ntry', 'ntrydtls', 'txdtls', 'ustrd', 'strd']);

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  transformTagName: (name) => name.toLowerCase(),
  parseTagValue: false,
  processEntities: true,
  isArray: (name) => LISTS.has(name),
});

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at a path below a node: a node, a list, or text. */
const at = (node: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((found, name) => (isNode(found) ? found[name] : undefined), node);

const nodes = (node: unknown, name: string): Node[] => {
  const found = at(node, name);
  return Array.isArray(found) ? found.filter(isNode) : [];
};

const textOf = (value: unknown): string => {
  const text = isNode(value) ? value['#text'] : value;
  return typeof text === 'string' ? text.trim() : '';
};

const text = (node: unknown, ...path: string[]) => textOf(at(node, ...path));

/**
 * The money that came in by a camt.053 statement, versions 02 to 08 (ISO 20022): entries that are booked, each
 * transaction of a batch by itself.
 * @throws Invalid if it is no such statement
 */
export function readCamt(xml: string): BankEntry[] {
  const root = parse(xml);
  const statements = nodes(at(root, 'document', 'bktocstmrstmt'), 'stmt');
  if (!statements.length) throw new Invalid({ files: 'This is not a bank statement in camt.053.' });
  return statements.flatMap((statement) => {
    const account = text(statement, 'acct', 'id', 'iban') || text(statement, 'acct', 'id', 'othr', 'id');
    return nodes(statement, 'ntry')
      .filter(isIncome)
      .flatMap((entry) => readEntry(entry, account));
  });
}

function parse(xml: string): unknown {
  try {
    return parser.parse(xml, true);
  } catch {
    throw new Invalid({ files: 'This file can’t be read: it is damaged, or not XML.' });
  }
}

/** Booked, into the account, and no reversal. Version 08 has the status one level lower. */
const isIncome = (entry: Node) =>
  (text(entry, 'sts', 'cd') || text(entry, 'sts')) === 'BOOK' &&
  text(entry, 'cdtdbtind') === 'CRDT' &&
  text(entry, 'rvslind') !== 'true';

function readEntry(entry: Node, account: string): BankEntry[] {
  const booked_on = (text(entry, 'bookgdt', 'dt') || text(entry, 'bookgdt', 'dttm')).slice(0, 10);
  const parts = nodes(entry, 'ntrydtls').flatMap((details) => nodes(details, 'txdtls'));
  const own = {
    booked_on,
    bank_reference: `${account} ${text(entry, 'acctsvcrref') || text(entry, 'ntryref')}`.trim(),
  };
  const whole = amountOf(at(entry, 'amt'));
  const read = parts.map((part) => ({ ...own, ...readTransaction(part), ...(amountOfPart(part) ?? whole) }));
  // A batch without the amounts of its parts is one entry: nobody can say who paid how much.
  const sum = read.reduce((all, { amount }) => all + amount, 0);
  if (read.length && sum === whole.amount) return read;
  const addition = text(entry, 'addtlntryinf');
  return [{ ...own, reference: addition, payer: '', ...(parts.length === 1 && read[0]), ...whole }];
}

function readTransaction(part: Node) {
  const remittance = at(part, 'rmtinf');
  const free = at(remittance, 'ustrd');
  const references = nodes(remittance, 'strd').map((one) => text(one, 'cdtrrefinf', 'ref'));
  const lines = Array.isArray(free) ? free.map(textOf) : [];
  const payer = at(part, 'rltdpties', 'dbtr');
  return {
    reference: [...references, ...lines, endToEnd(part)].filter(Boolean).join(' '),
    payer: text(payer, 'nm') || text(payer, 'pty', 'nm'),
  };
}

const endToEnd = (part: Node) => {
  const id = text(part, 'refs', 'endtoendid');
  return id === 'NOTPROVIDED' ? '' : id;
};

const amountOfPart = (part: Node) => {
  const found = at(part, 'amt') ?? at(part, 'amtdtls', 'txamt', 'amt');
  return found === undefined ? null : amountOf(found);
};

/** @throws Invalid if it is none, or has more decimals than its currency */
function amountOf(node: unknown): Pick<BankEntry, 'amount' | 'currency'> {
  const currency = text(node, '@Ccy');
  const amount = bankAmount(textOf(node), currency);
  if (amount === null) throw new Invalid({ files: 'An amount in this statement can’t be read.' });
  return { amount, currency };
}
