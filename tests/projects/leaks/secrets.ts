/**
 * Every word of the clinic that not everybody may read, with who may read it, besides staff. `maya`: the customer's;
 * `volt`: the vendor with work; `petra`: one task of hers alone. What the vendor is paid is its own to know.
 */
export const SECRETS: Readonly<Record<string, readonly Reader[]>> = {
  // Internal, and money.
  Zqinternal: [],
  Zqtaskinternal: [],
  Zqtimeinternal: [],
  Zqhiddentask: [],
  Zqunapproved: [],
  Zqstaffmeeting: [],
  Zqmeetingtalk: [],
  Zqstafffile: [],
  Zqkeptlog: [],
  Zqkeptphoto: [],
  Zqgroup: [],
  '41371': [],
  '413.71': [],
  '97373': [],
  '37.71': [],
  // Of the customer.
  Zqdescription: ['maya'],
  Zqmapletask: ['maya'],
  Zqmaplenote: ['maya'],
  Zqourtask: ['maya'],
  Zqmapletalk: ['maya'],
  Zqmayasaid: ['maya'],
  Zqmayaprivate: ['maya'],
  Zqtasktalk: ['maya'],
  Zqwalk: ['maya'],
  Zqwalkplace: ['maya'],
  Zqwalknote: ['maya'],
  Zqwalktalk: ['maya'],
  Zqsharedfile: ['maya'],
  Zqmayafile: ['maya'],
  Zqshownlog: ['maya'],
  Zqcrew: ['maya'],
  Zqphoto: ['maya'],
  Zqtimenote: ['maya'],
  Zqhiddennote: ['maya'],
  Zqchangeorder: ['maya'],
  Zqpetratask: ['maya', 'petra'],
  Zqpetrasaid: ['maya', 'petra'],
  'Maple Street': ['maya', 'petra'],
  'Maya Chen': ['maya', 'petra'],
  // Of the vendor.
  Zqvolttask: ['maya', 'volt'],
  Zqvoltnote: ['maya', 'volt'],
  Zqtrade: ['maya', 'volt'],
  Zqmovereason: ['maya', 'volt'],
  Zqdelivery: ['maya', 'volt'],
  Zqdeliverynote: ['maya', 'volt'],
  '7,319.77': ['volt'],
  Zqvoltkept: ['volt'],
  'Zqvolt Ltd': ['volt'],
  Zqviktor: ['volt'],
  Zqvolttalk: ['volt'],
  Zqvoltsaid: ['volt'],
  Zqvoltprivate: ['volt'],
  Zqkepttalk: ['volt'],
  Zqproposedreason: ['volt'],
  Zqdeliverytalk: ['volt'],
  Zqvoltmeeting: ['volt'],
  Zqvoltlog: ['volt'],
  Zqvolthours: ['volt'],
  Zqordertalk: ['volt'],
  // Of a task that went from one vendor to another.
  Zqoldtalk: ['erik'],
  Zqnewtitle: ['volt'],
  Zqnewtalk: ['volt'],
  'Zqnorthern Ltd': ['erik'],
  Zqerik: ['erik'],
};

export type Reader = 'maya' | 'volt' | 'petra' | 'erik';

/** The words that somebody may not read, but for some. */
export const hiddenFrom = (reader: Reader | null): string[] =>
  Object.entries(SECRETS).flatMap(([word, readers]) => (reader && readers.includes(reader) ? [] : [word]));

/** The words that somebody may read. */
export const openTo = (reader: Reader): string[] =>
  Object.entries(SECRETS).flatMap(([word, readers]) => (readers.includes(reader) ? [word] : []));
