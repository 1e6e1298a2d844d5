import { day } from '../days.js';
import type { Scene } from './correspondence.js';

const when = (days: number) => ({
  ...{ starts_on: day(days), starts_time: '09:00', ends_on: day(days), ends_time: '10:00' },
});

/** An event is planned, answered, moved and canceled; both sides look at their calendars, also from another program. */
export async function useCalendars({ olivia, maya, place }: Scene): Promise<void> {
  const { slug, contact } = place;
  const project = `/${slug}/projects/MAPLE`;
  const form = { title: 'Walk-through', place: 'Reception', note: 'Bring the plan', time_zone: 'UTC' };
  const series = { repeats: 'weekly', every: '1', times: '3', shown: 'on' };
  await olivia.get(`${project}/calendar/new`);
  await maya.get(`${project}/calendar/new`);
  const fields = { ...form, ...series, ...when(9), 'guest[]': contact };
  const made = await olivia.post(`${project}/events`, fields);
  const event = String(made.headers.get('location')).split('?')[0] ?? '';
  await maya.get(event);
  await maya.post(`${event}/view`);
  for (const answer of ['accept', 'tentative', 'decline']) await maya.post(`${event}/${answer}`);
  await maya.post(`${event}/propose`, { ...when(10), message: 'Then?' });
  await olivia.post(`${event}/keep_time`);
  await maya.post(`${event}/propose`, when(10));
  await olivia.post(`${event}/take_time`);
  await olivia.post(`${event}/move`, when(11));
  const one = { on: day(18), which: 'one' };
  await olivia.post(`${event}/move`, { ...one, ...when(19) });
  await olivia.get(`${event}?on=${day(18)}`);
  await maya.get(`${event}?on=${day(18)}`);
  await maya.post(`${event}/accept`, { on: day(18) });
  await maya.post(`${event}/propose`, { on: day(18), ...when(20) });
  await olivia.post(`${event}/take_time`);
  await olivia.post(`${event}/cancel_event`, one);
  await olivia.post(`${event}/move`, { on: day(25), which: 'after', ...when(26) });
  await olivia.post(`${event}/move`, { on: day(11), which: 'all', ...when(12) });
  const days_off = `/${slug}/settings/organization/days-off`;
  await olivia.post(days_off, { name: 'Holiday', starts_on: day(2000) });
  // The last of the list.
  const listed = await (await olivia.get(days_off)).text();
  const [, remove = ''] = [...listed.matchAll(/action="([^"]+\/remove)"/g)].at(-1) ?? [];
  await olivia.post(remove);
  await olivia.get(`${event}/edit`);
  await olivia.post(`${event}/change_event`, { ...form, ...series, ...when(12) });
  await olivia.post(`${event}/comment`, { text: 'See you there', audience: 'shared' });
  await olivia.post(`${event}/uninvite`, { person: contact });
  await olivia.post(`${event}/invite`, { person: contact });
  await olivia.get(event);
  await olivia.head(`${event}/live`);
  await olivia.post(`${event}/cancel_event`, { message: 'Another day' });
  const asked = await maya.post(`${project}/events`, { ...form, ...when(20) });
  await olivia.post(`${String(asked.headers.get('location')).split('?')[0]}/plan`);
  for (const visitor of [olivia, maya])
    for (const view of ['month', 'week', 'agenda']) {
      await visitor.get(`${project}/calendar?view=${view}`);
      await visitor.get(`/${slug}/calendar?view=${view}`);
    }
  for (const visitor of [olivia, maya])
    for (const only_own of ['', 'on']) {
      const page = await visitor.post(`/${slug}/settings/calendar`, { only_own });
      const [address = ''] = /\/calendar\/[\w-]{43}\.ics/.exec(await page.text()) ?? [];
      await visitor.get(address);
    }
  await olivia.get(`/${slug}/settings/calendar`);
  await olivia.post(`/${slug}/settings/calendar`, { end: '1' });
}
