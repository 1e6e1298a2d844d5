import { XMLBuilder } from 'fast-xml-parser';
import { isSEPACountry } from 'ibantools';
import { fromMinor } from '../../input/currency.js';
import type { BankNumbers } from '../../people/banking/bank_number.js';
import { bankLetters } from './bank_letters.js';
import { sumOf, type Transfer, type TransferOrder } from './transfer_order.js';

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true });

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';

/** A credit transfer initiation (ISO 20022, pain.001.001.09), from one IBAN to others; in euros within SEPA. */
export function pain001(order: TransferOrder): string {
  const { id, ordered_at, payer } = order;
  const head = {
    MsgId: id,
    CreDtTm: ordered_at.toISOString().replace(/\.\d+Z$/, 'Z'),
    ...sums(order),
    InitgPty: { Nm: letters(payer.name, 70) },
  };
  const document = { CstmrCdtTrfInitn: { GrpHdr: head, PmtInf: batch(order) } };
  const xml = builder.build({ Document: { '@xmlns': NAMESPACE, ...document } });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
}

const sums = ({ transfers, currency }: TransferOrder) => ({
  NbOfTxs: transfers.length,
  CtrlSum: fromMinor(sumOf(transfers), currency),
});

/** What is written in other letters alone is left to the bank: this file can hold it. */
const letters = (text: string, most: number): string =>
  bankLetters(text, most) || Array.from(text.replace(/\s+/g, ' ').trim()).slice(0, most).join('').trim();

/** In the order of the schema. */
function batch(order: TransferOrder) {
  const { id, pay_on, currency, payer, transfers } = order;
  const within = isSepa(order);
  return {
    PmtInfId: id,
    PmtMtd: 'TRF',
    ...sums(order),
    ...(within ? { PmtTpInf: { SvcLvl: { Cd: 'SEPA' } } } : {}),
    ReqdExctnDt: { Dt: pay_on },
    Dbtr: { Nm: letters(payer.name, 70) },
    DbtrAcct: { Id: { IBAN: payer.numbers['account'] }, Ccy: currency },
    DbtrAgt: agent(payer.numbers) ?? { FinInstnId: { Othr: { Id: 'NOTPROVIDED' } } },
    ChrgBr: within ? 'SLEV' : 'SHAR',
    CdtTrfTxInf: transfers.map((one) => transfer(one, currency)),
  };
}

function transfer({ reference, amount, account, text }: Transfer, currency: string) {
  const bank = agent(account.numbers);
  return {
    PmtId: { EndToEndId: reference },
    Amt: { InstdAmt: { '@Ccy': currency, '#text': fromMinor(amount, currency) } },
    ...(bank ? { CdtrAgt: bank } : {}),
    Cdtr: { Nm: letters(account.holder, 70) },
    CdtrAcct: { Id: { IBAN: account.numbers['account'] } },
    RmtInf: { Ustrd: letters(text, 140) },
  };
}

/** Null where none was given: within SEPA the IBAN says it. */
const agent = ({ bic }: BankNumbers) => (bic ? { FinInstnId: { BICFI: bic } } : null);

const isSepa = ({ currency, payer, transfers }: TransferOrder) =>
  currency === 'EUR' &&
  [payer, ...transfers.map(({ account }) => account)].every(({ numbers: { account = '' } }) =>
    isSEPACountry(account.slice(0, 2)),
  );
