/**
 * A calendar's time. `at` is ISO 8601: a date for all-day events, with Z only if in UTC. `zone` is the TZID, if given.
 */
export interface CalendarTime {
  readonly at: string;
  readonly zone: string | null;
}

export interface CalendarAnswer {
  readonly name: string;
  readonly address: string;
  readonly status: string;
}

/** The invitation that a REPLY answers, as it names it. */
interface AnsweredInvitation {
  readonly uid: string;
  readonly sequence: number;
  /** The one time of a series that is answered (RECURRENCE-ID); null: all of it. */
  readonly one: CalendarTime | null;
}

/** Another time that somebody who was invited asks for (RFC 5546 section 3.2.7). */
interface Counter {
  readonly uid: string;
  /** Of whom it says that they ask. */
  readonly addresses: readonly string[];
  /** It is about one time of a series. */
  readonly one: boolean;
}

/** An invitation's details (RFC 5545, RFC 5546), for display only: we never accept it or add it to a calendar. */
export interface CalendarEvent {
  /** The iTIP method, such as REQUEST, REPLY or CANCEL; null if missing. */
  readonly method: string | null;
  /** What goes with an answer. */
  readonly comment?: string;
  /** Of a COUNTER. */
  readonly counter?: Counter;
  readonly summary: string;
  readonly start: CalendarTime | null;
  readonly end: CalendarTime | null;
  readonly place: string;
  /** Of a REPLY: what its attendees answered, by their PARTSTAT. */
  readonly answers?: CalendarAnswer[];
  /** Of a REPLY. */
  readonly invitation?: AnsweredInvitation;
}

interface Property {
  readonly name: string;
  readonly zone: string | null;
  readonly parameters: readonly string[];
  readonly value: string;
}

const MAX_ANSWERS = 10;
const MAX_LENGTH = 300_000;

/** Returns the first event of a calendar, or null if there is none. Linear time; never throws. */
export function readCalendar(text: string): CalendarEvent | null {
  const properties = text
    .slice(0, MAX_LENGTH)
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .map(property);
  const begin = properties.findIndex(({ name, value }) => name === 'BEGIN' && value.toUpperCase() === 'VEVENT');
  if (begin < 0) return null;
  const event = firstLevel(properties.slice(begin + 1));
  const valueOf = (name: string) => plain(event.find((each) => each.name === name)?.value ?? '');
  const time = (name: string) => timeOf(event.find((each) => each.name === name));
  const method =
    properties
      .find(({ name }) => name === 'METHOD')
      ?.value.trim()
      .toUpperCase() ?? '';
  return {
    method: /^[A-Z-]{1,40}$/.test(method) ? method : null,
    ...(valueOf('COMMENT') && { comment: valueOf('COMMENT').slice(0, 2000) }),
    ...(method === 'COUNTER' && { counter: counterIn(event, valueOf) }),
    summary: valueOf('SUMMARY').slice(0, 255),
    start: time('DTSTART'),
    end: time('DTEND'),
    place: valueOf('LOCATION').slice(0, 255),
    ...(method === 'REPLY' && { answers: answersIn(event), invitation: invitationIn(valueOf, time) }),
  };
}

function invitationIn(
  valueOf: (name: string) => string,
  time: (name: string) => CalendarTime | null,
): AnsweredInvitation {
  const sequence = valueOf('SEQUENCE');
  return {
    uid: valueOf('UID').slice(0, 255),
    sequence: /^\d{1,9}$/.test(sequence) ? Number(sequence) : 0,
    one: time('RECURRENCE-ID'),
  };
}

const counterIn = (event: readonly Property[], valueOf: (name: string) => string): Counter => ({
  uid: valueOf('UID').slice(0, 255),
  addresses: answersIn(event).map(({ address }) => address),
  one: event.some(({ name }) => name === 'RECURRENCE-ID'),
});

// Skips nested components: an alarm has a summary of its own.
function firstLevel(properties: readonly Property[]): Property[] {
  const own: Property[] = [];
  let inside = 0;
  for (const each of properties) {
    if (each.name === 'BEGIN') inside += 1;
    else if (each.name === 'END') inside -= 1;
    else if (inside === 0) own.push(each);
    if (inside < 0) break;
  }
  return own;
}

// A colon inside a quoted parameter does not start the value.
function property(line: string): Property {
  const colon = /^(?:[^":]|"[^"]*")*/.exec(line)?.[0].length ?? line.length;
  const [name = '', ...parameters] = line.slice(0, colon).split(';');
  const zone = parameter({ parameters }, 'TZID').slice(0, 100) || null;
  return { name: name.trim().toUpperCase(), zone, parameters, value: line.slice(colon + 1) };
}

function parameter({ parameters }: Pick<Property, 'parameters'>, name: string): string {
  const found = parameters.find((each) => each.toUpperCase().startsWith(`${name}=`));
  return found?.slice(name.length + 1).replaceAll('"', '') ?? '';
}

const answersIn = (event: readonly Property[]): CalendarAnswer[] =>
  event
    .filter(({ name }) => name === 'ATTENDEE')
    .slice(0, MAX_ANSWERS)
    .map((attendee) => ({
      address: plain(attendee.value.replace(/^mailto:/i, '')).slice(0, 254),
      name: plain(parameter(attendee, 'CN') || attendee.value.replace(/^mailto:/i, '')).slice(0, 100),
      status: parameter(attendee, 'PARTSTAT').toUpperCase(),
    }));

function timeOf(property: Property | undefined): CalendarTime | null {
  const [, y, m, d, time, utc = ''] = /^\s*(\d{4})(\d\d)(\d\d)(?:T(\d{6})(Z?))?\s*$/.exec(property?.value ?? '') ?? [];
  if (!property || y === undefined) return null;
  const hours = time === undefined ? '' : `T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}${utc}`;
  return { at: `${y}-${m}-${d}${hours}`, zone: utc === 'Z' ? null : property.zone };
}

function plain(value: string): string {
  return value
    .replace(/\\([nN,;\\])/g, (_, char: string) => (char === 'n' || char === 'N' ? ' ' : char))
    .replace(/[\p{Cc}\p{Surrogate}\s]+/gu, ' ')
    .trim();
}
