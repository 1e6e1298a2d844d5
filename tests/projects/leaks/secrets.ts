/**
 * Every word of the clinic that not everybody may read, with who may read it, besides staff. `maya`: the customer's;
 * `volt`: the vendor with work; `petra`: one task of hers alone; `nora`: her
 * colleagues. What the vendor is paid is its own to know.
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
  // Of an estimate's lines.
  Zqgroup: ['maya'],
  Zqpetratask: ['maya', 'petra'],
  Zqpetrasaid: ['maya', 'petra'],
  'Maple Street Clinic': ['maya', 'petra', 'nora'],
  'Maya Chen': ['maya', 'petra', 'nora'],
  // Of the vendor.
  Zqvolttask: ['maya', 'volt'],
  Zqvoltnote: ['maya', 'volt'],
  Zqtrade: ['maya'],
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

export type Reader = 'maya' | 'volt' | 'petra' | 'erik' | 'nora';

/** The words that somebody may not read, but for some. */
export const hiddenFrom = (reader: Reader | null): string[] =>
  Object.entries(SECRETS).flatMap(([word, readers]) => (reader && readers.includes(reader) ? [] : [word]));

/** The words that somebody may read. */
export const openTo = (reader: Reader): string[] =>
  Object.entries(SECRETS).flatMap(([word, readers]) => (readers.includes(reader) ? [word] : []));

/** What the customer sees by which part of the project that is shown to it. */
export const PARTS: Readonly<Record<string, readonly string[]>> = {
  tasks: [
    'Zqmapletask',
    'Zqmaplenote',
    'Zqourtask',
    'Zqtasktalk',
    'Zqpetratask',
    'Zqpetrasaid',
    'Zqvolttask',
    'Zqmovereason',
  ],
  calendar: ['Zqwalk', 'Zqwalkplace', 'Zqwalknote', 'Zqwalktalk', 'Zqdelivery', 'Zqdeliverynote'],
  time: ['Zqtimenote', 'Zqhiddennote'],
  details: ['Zqdescription', 'Zqsharedfile', 'Zqmayafile'],
  comments: ['Zqmapletalk', 'Zqmayasaid', 'Zqmayaprivate', 'Zqshownlog', 'Zqcrew', 'Zqphoto'],
};

/** The words of staff's names. */
export const STAFF_NAMES = ['Zqzebulon', 'Tom Reyes'];
