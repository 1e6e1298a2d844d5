import assert from 'node:assert/strict';

interface Property {
  name: string;
  parameters: Record<string, string>;
  value: string;
}

/** A component of a calendar, with those inside it. */
export interface Component {
  name: string;
  properties: Property[];
  components: Component[];
}

/**
 * Reads a calendar as strictly as RFC 5545 has it: every line ends in CRLF and has 75 octets at most, components are
 * closed, the required properties are there once, and what a time names is defined.
 */
export function readIcs(text: string): Component {
  assert.ok(text.endsWith('\r\n'), 'the last line is ended');
  const lines = text.slice(0, -2).split('\r\n');
  for (const line of lines) {
    assert.doesNotMatch(line, /[\r\n]/, 'no bare line end');
    assert.ok(Buffer.byteLength(line) <= 75, `at most 75 octets: ${line}`);
  }
  const root: Component = { name: '', properties: [], components: [] };
  const open = [root];
  for (const line of lines.join('\r\n').replaceAll('\r\n ', '').split('\r\n')) {
    const property = propertyOf(line);
    const inside = open.at(-1) ?? root;
    if (property.name === 'BEGIN') {
      const component = { name: property.value, properties: [], components: [] };
      inside.components.push(component);
      open.push(component);
    } else if (property.name === 'END') {
      assert.equal(property.value, inside.name);
      open.pop();
    } else inside.properties.push(property);
  }
  assert.equal(open.length, 1, 'every component is closed');
  const [calendar, more] = root.components;
  assert.ok(calendar?.name === 'VCALENDAR' && !more);
  requireProperties(calendar);
  return calendar;
}

function propertyOf(line: string): Property {
  const [, name = '', parameters = '', value = ''] =
    /^([A-Z-]+)((?:;[A-Z-]+=(?:"[^"\p{Cc}]*"|[^";:,\p{Cc}]*))*):(.*)$/u.exec(line) ??
    assert.fail(`no property: ${line}`);
  const pairs = [...parameters.matchAll(/;([A-Z-]+)=(?:"([^"]*)"|([^;]*))/g)];
  return { name, value, parameters: Object.fromEntries(pairs.map(([, key, quoted, plain]) => [key, quoted ?? plain])) };
}

function requireProperties(calendar: Component): void {
  for (const name of ['VERSION', 'PRODID', 'METHOD']) propertyIn(calendar, name);
  const zones = calendar.components.filter(({ name }) => name === 'VTIMEZONE');
  const known = zones.map((zone) => propertyIn(zone, 'TZID').value);
  for (const zone of zones) {
    assert.ok(zone.components.length > 0);
    for (const observance of zone.components)
      for (const name of ['DTSTART', 'TZOFFSETFROM', 'TZOFFSETTO']) propertyIn(observance, name);
  }
  for (const event of eventsIn(calendar)) {
    for (const name of ['UID', 'DTSTAMP', 'SEQUENCE', 'SUMMARY', 'STATUS', 'DTSTART', 'DTEND']) propertyIn(event, name);
    assert.match(propertyIn(event, 'DTSTAMP').value, /^\d{8}T\d{6}Z$/);
    for (const { name, parameters, value } of event.properties) {
      if (parameters['TZID']) assert.ok(known.includes(parameters['TZID']), `${name} is in a zone that is described`);
      if (name.startsWith('DT')) assert.match(value, /^\d{8}(T\d{6}Z?)?$/);
    }
  }
}

/** Its events. */
export const eventsIn = (calendar: Component): Component[] =>
  calendar.components.filter(({ name }) => name === 'VEVENT');

/** The one property of this name. */
export function propertyIn(component: Component, name: string): Property {
  const [found, another] = component.properties.filter((one) => one.name === name);
  assert.ok(found && !another, `${component.name} has ${name} once`);
  return found;
}

/** What a REPLY says, as Gmail, Outlook and Apple send it, to an invitation. */
export function replyTo(invitation: string, answer: string, attendee?: string): string {
  const event = eventsIn(readIcs(invitation))[0] ?? assert.fail('no event');
  const value = (name: string) => propertyIn(event, name).value;
  return [
    ...['BEGIN:VCALENDAR', 'PRODID:-//Another//EN', 'VERSION:2.0', 'METHOD:REPLY', 'BEGIN:VEVENT'],
    ...[`UID:${value('UID')}`, `SEQUENCE:${value('SEQUENCE')}`, `DTSTAMP:20261130T090000Z`],
    ...[`DTSTART:20261201T090000Z`, `SUMMARY:${value('SUMMARY')}`, `ORGANIZER:${value('ORGANIZER')}`],
    `ATTENDEE;PARTSTAT=${answer};CN="Somebody":${attendee ? `mailto:${attendee}` : value('ATTENDEE')}`,
    ...['END:VEVENT', 'END:VCALENDAR', ''],
  ].join('\r\n');
}
