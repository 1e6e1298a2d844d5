import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What this process has done since it started, in Prometheus' words. */
const registry = new Registry();
const registers = [registry];

const SECONDS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10];

const requests = new Counter({
  name: 'parley_http_requests_total',
  help: 'Requests that were answered, by the pattern of their route.',
  labelNames: ['method', 'route', 'status'] as const,
  registers,
});
const durations = new Histogram({
  name: 'parley_http_request_duration_seconds',
  help: 'From a request to the end of its answer. Streams of live pages are left out.',
  labelNames: ['route'] as const,
  buckets: SECONDS,
  registers,
});
const roundTrips = new Counter({
  name: 'parley_http_round_trips_total',
  help: 'Round trips to the database that requests made; divided by the requests of a route: of each.',
  labelNames: ['route'] as const,
  registers,
});
const jobs = new Counter({
  name: 'parley_jobs_done_total',
  help: 'Jobs that this process ran: done, failed (tried again) or given up.',
  labelNames: ['task', 'outcome'] as const,
  registers,
});
const mailOut = new Counter({
  name: 'parley_mail_out_total',
  help: 'Emails, by what became of a try: accepted, deferred, rejected, failed; bounced: then or later.',
  labelNames: ['state'] as const,
  registers,
});
const mailOutDelay = new Histogram({
  name: 'parley_mail_out_delay_seconds',
  help: 'From the moment that an email was queued until a server took it.',
  buckets: [1, 5, 15, 60, 180, 600, 3600, 21_600],
  registers,
});
const mailIn = new Counter({
  name: 'parley_mail_in_total',
  help: 'Messages that came in, by what was decided about them.',
  labelNames: ['source', 'state'] as const,
  registers,
});
const pdfs = new Histogram({
  name: 'parley_pdf_duration_seconds',
  help: 'Printing a PDF: printed, unprintable (not tried again today) or failed.',
  labelNames: ['outcome'] as const,
  buckets: [0.1, 0.3, 1, 3, 10, 30],
  registers,
});
const livePages = new Gauge({ name: 'parley_live_pages', help: 'Open streams of live pages.', registers });

/** A request that was answered. `seconds`: null of a stream, which is open as long as its page. */
export function requestAnswered(
  { method, route, status }: { method: string; route: string; status: number },
  { seconds, round_trips }: { seconds: number | null; round_trips: number },
): void {
  requests.inc({ method, route, status });
  roundTrips.inc({ route }, round_trips);
  if (seconds !== null) durations.observe({ route }, seconds);
}

export const jobEnded = (task: string, outcome: 'done' | 'failed' | 'given up'): void => jobs.inc({ task, outcome });

/** `seconds`: since it was queued, of one that was taken. */
export function emailTried(state: 'accepted' | 'deferred' | 'rejected' | 'failed' | 'bounced', seconds?: number): void {
  mailOut.inc({ state });
  if (seconds !== undefined) mailOutDelay.observe(seconds);
}

export const mailDecided = (source: string, state: string): void => mailIn.inc({ source, state });

export const pdfMade = (outcome: 'printed' | 'unprintable' | 'failed', seconds: number): void =>
  pdfs.observe({ outcome }, seconds);

/** Counts an open page, until what is returned is called. */
export function livePageOpened(): () => void {
  livePages.inc();
  return () => livePages.dec();
}

let collecting = false;

/**
 * All of it as text, with the process's own figures from the first time on, and with `gauges`: what is so now. `roles`
 * names the process.
 */
export async function metricsText(roles: readonly string[], gauges: readonly GaugeValue[]): Promise<string> {
  if (!collecting) collectDefaultMetrics({ register: registry });
  collecting = true;
  const now = new Registry();
  for (const { name, help, values } of gauges) {
    const gauge = new Gauge({ name, help, labelNames: Object.keys(values[0]?.labels ?? {}), registers: [now] });
    for (const { labels, value } of values) gauge.set(labels, value);
  }
  const all = Registry.merge([registry, now]);
  all.setDefaultLabels({ roles: roles.join(',') });
  return all.metrics();
}

/** Something that has a value now, perhaps several by their labels, which all have the same names. */
export interface GaugeValue {
  name: string;
  help: string;
  values: { labels: Record<string, string>; value: number }[];
}
