import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DateTime } from 'luxon';
import { deleteOldForms } from '../../src/acting/sent_forms.js';
import { LIFECYCLES } from '../../src/subjects/lifecycles.js';
import { deleteOldMail } from '../../src/inbound/receive.js';
import { forgetAddresses } from '../../src/people/data_rights/erasing/finish_erasure.js';
import { remindOfExpiry } from '../../src/jobs/file_expiry.js';
import { tellLateTasks } from '../../src/jobs/projects/tell_late_tasks.js';
import { checkSums } from '../../src/jobs/check_sums.js';
import { runJobs } from '../../src/jobs/run.js';
import { runSubscriptions } from '../../src/jobs/subscriptions/run_subscriptions.js';
import { makeOldWords } from '../../src/jobs/search/make_old_words.js';
import { remindOfEvents } from '../../src/jobs/events/remind_of_events.js';
import { tasks } from '../../src/jobs/tasks.js';
import { tick } from '../../src/jobs/tick.js';
import { watchMail } from '../../src/jobs/watch_mail.js';
import { deleteOldSignIns } from '../../src/people/sessions.js';
import { manageAccess } from '../support/plans/access.js';
import { correspond, type Scene } from '../support/plans/correspondence.js';
import { submitForms } from '../support/plans/forms.js';
import { useCalendars } from '../support/plans/calendars.js';
import { customerPages, placeIn, staffPages, usualPages, vendorPages } from '../support/plans/pages.js';
import { workOnTasks } from '../support/plans/project_tasks.js';
import { changingPlans, type Fault, faultsIn, readSchema, type Schema } from '../support/plans/plan_faults.js';
import { logPlans, type PlanLog } from '../support/plans/plan_log.js';
import { openTenants, playActs } from '../support/plans/tenants.js';
import { claimData, eraseIda } from '../support/plans/privacy.js';
import { type Answered, Visitor } from '../support/plans/visitor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { MATRIX } from '../support/route_matrix.js';

// A small organization and one with seventy times as many subjects do and see all there is. PostgreSQL itself reports
// the plan of each statement, of those in functions and triggers, too.

/** Rate limits that nothing exceeds, so that what they ask of the database is seen. */
const LIMITS = { MAIL_PER_PERSON_MINUTE: '1000', MAIL_PER_PERSON_HOUR: '1000', MAIL_PER_DOMAIN_MINUTE: '1000' };

let portal: Portal;
let log: PlanLog;
let schema: Schema;
let acts: string[];
const answered: Answered[] = [];

before(async () => {
  portal = await openPortal(LIMITS);
  const stages = await openTenants(portal);
  await portal.close_worker();
  log = await logPlans(portal);
  for (const stage of Object.values(stages)) await playActs(portal, log, stage);
  await keepFewEmails();
  const { services } = portal;
  // Without the schedule: what it runs is run below.
  const worker = await runJobs(services.directConnection, tasks(services), '', services.log);
  log.doing = 'emails';
  await portal.idle();
  for (const [slug, { organization_id }] of Object.entries(stages)) await visit(slug, organization_id);
  await worker.stop();
  for (const [slug, { organization_id }] of Object.entries(stages))
    answered.push(...(await eraseIda({ portal, log }, slug, organization_id)));
  await runTasks();
  log.doing = '';
  schema = await readSchema(portal.knex);
  acts = await portal.look(stages.large.organization_id, (db) => db('activities').distinct().pluck('action'));
});
after(() => portal.close());

/** Of a thousand emails of the acts, enough of each kind. */
const keepFewEmails = () =>
  portal.knex.raw(`delete from graphile_worker._private_jobs where id not in (
    select id from (
      select id, row_number() over (partition by payload->>'organization_id', task_id order by id desc) as n
      from graphile_worker._private_jobs) j where n <= 8)`);

async function visit(slug: string, organization_id: string): Promise<void> {
  const look = () => {
    log.doing = '';
    return portal.look(organization_id, (db) => placeIn(db, slug));
  };
  const nobody = new Visitor(portal, log);
  const signedIn = (name: string, email: string) => new Visitor(portal, log, name).signIn(email);
  const olivia = await signedIn('staff', 'olivia@harbor.example');
  const maya = await signedIn('busy customer', 'maya@maple.example');
  const lena = await signedIn('customer', 'lena@aurora.example');
  const erik = await signedIn('busy vendor', 'erik@northern.example');
  const scene: Scene = { portal, log, place: await look(), organization_id, nobody, olivia, maya };
  await submitForms(scene);
  await workOnTasks(scene);
  await correspond(scene);
  await useCalendars(scene);
  answered.push(...(await manageAccess(scene)));
  await claimData(scene);
  const place = await look();
  for (const page of staffPages(place)) await olivia.get(`/${slug}${page}`);
  for (const page of customerPages(place)) await maya.get(`/${slug}${page}`);
  for (const page of usualPages(place)) await lena.get(`/${slug}${page}`);
  for (const page of vendorPages(place)) await erik.get(`/${slug}${page}`);
  answered.push(...[nobody, olivia, maya, lena, erik].flatMap((visitor) => visitor.answered));
}

/** What is done by the clock, for all organizations one after the other. */
async function runTasks(): Promise<void> {
  const { knex, services } = portal;
  // In the afternoon there, whatever the hour is now: reminders begin in the morning.
  const afternoon = DateTime.utc().endOf('day').toJSDate();
  const scheduled = {
    tick: () => tick(knex, afternoon),
    watch_mail: () => watchMail({ ...services, db: knex }),
    delete_old_forms: () => deleteOldForms(knex),
    delete_old_mail: () => deleteOldMail(knex, 90),
    delete_old_sign_ins: () => deleteOldSignIns(knex),
    // What fills the tenants has payments that the ledger knows nothing of.
    check_sums: () => assert.rejects(checkSums(knex), /payment succeeded/),
    run_subscriptions: () => runSubscriptions(knex, afternoon),
    remind_of_expiry: () => remindOfExpiry(knex),
    tell_late_tasks: () => tellLateTasks(knex, afternoon),
    remind_of_events: () => remindOfEvents(knex, DateTime.utc().plus({ days: 20 }).toJSDate()),
    forget_addresses: () => forgetAddresses(knex),
    make_old_words: () => makeOldWords(knex),
  };
  for (const [name, task] of Object.entries(scheduled)) {
    log.doing = `task: ${name}`;
    await task();
  }
}

const isKnown = ({ doing, name, what }: (typeof GROWS)[number], fault: Fault) =>
  (doing?.test(fault.doing) ?? true) && (name?.test(fault.name) ?? true) && (what?.test(fault.what) ?? true);

/** What reads more the more there is, by what the test does, the names of the statements and what is read; and why it may. */
const GROWS: { doing?: RegExp; name?: RegExp; what?: RegExp; why: string }[] = [
  {
    what: /^reads all of inbound_deliveries_(pending|taken)$/,
    why: 'Of the mail that waits to be read the first is taken, and what others have taken left out.',
  },
  {
    doing: /[?&]q=part\+/,
    name: /^list_\w+ww/,
    why: 'Of several words each is counted, up to 3,000, to go by the rarest.',
  },
  {
    doing: /state=\w+&sort=total/,
    name: /^list_\w+_total_/,
    why: 'Within some states, the largest are read in the order of their totals until a page is full.',
  },
  {
    doing: /\/profile\/edit$/,
    what: /^(Function|Index) Scan of \d+ rows/,
    why: 'A partner’s tax number is a word that all its documents are found by.',
  },
  {
    doing: /^(?!staff|busy)/,
    what: /^Index Scan of \d+ rows (events_organization_id_last_on|tasks_organization_id_project_id_position)_idx$/,
    why: 'The demo’s story calls its events and tasks by their titles.',
  },
  {
    doing: /\/items(?:\/suggestions)?\?q=/,
    what: /item_words/,
    why: 'Items with a word that very many have are read in the order of the list until a page is full.',
  },
  {
    name: /^feed_events_staff$/,
    what: /event_occurrences/,
    why: 'Of each series in a calendar all times are looked through for those that were changed alone, 400 at most.',
  },
  {
    name: /^feed_events_own$/,
    what: /participants/,
    why: 'Looks through the 5,000 newest subjects that somebody takes part in, for events; no more, however many there are.',
  },
  {
    doing: /\/data\/archive$/,
    name: /^archive_/,
    why: 'All that is kept of a person, a batch at a time.',
  },
  {
    name: /^statement$/,
    what: /^CTE Scan of/,
    why: 'All entries of the asked period and those booked since are added up; at most 500 are shown (20,000 in a file).',
  },
  { what: /^reads all of erasures$/, why: 'Few people are ever erased.' },
  { name: /^mail_paused$/, why: 'Adds up all bounces that count.' },
  { doing: /^task: /, why: 'By the clock, for all organizations, and for all of what is due or old.' },
];

test('what a statement reads does not grow with an organization, nor with others', () => {
  const faults = faultsIn(log.plans, schema);
  const grows = faults.filter((fault) => !GROWS.some((known) => isKnown(known, fault)));
  assert.deepEqual(
    GROWS.filter((known) => !faults.some((fault) => isKnown(known, fault))),
    [],
  );
  assert.deepEqual(
    grows.map(
      ({ doing, name, what, text }) => `${doing} | ${name} | ${what} | ${text.replace(/\s+/g, ' ').slice(0, 200)}`,
    ),
    [],
  );
});

test('a statement has one plan, for a small organization and a large one', () => {
  assert.deepEqual(changingPlans(log.plans, schema), {});
});

/**
 * Before there is an organization; providers that are not set up; what the sandbox calls; a file to be uploaded; what
 * only an authenticator can answer (people/passkeys.test.ts). Not seen yet: what programs ask, and what is done to a
 * failing job, a delivery or a secret.
 */
const UNSEEN =
  /^(GET|POST) \/setup|^POST \/(webhooks|inbound)\/|^POST \/check|\/sign-in\/with\/|^POST .*(\/passkeys?$|\/profile\/files)|^GET \/metrics|^(GET|POST) \/(api|docs)\/|\/api-tokens|\/jobs\/:job\/|\/webhooks\/:webhook\/(edit$|secret|replay|deliveries)|^POST .*\/webhooks$/;

test('every page was seen', () => {
  const seen = (route: string) => {
    const [method, pattern = ''] = route.split(' ');
    const path = new RegExp(`^${pattern.replace(/:\w+/g, '[^/]+')}$`);
    return answered.some((one) => one.status < 400 && one.method === method && path.test(one.path.split('?')[0] ?? ''));
  };
  assert.deepEqual(
    Object.keys(MATRIX).filter((route) => !seen(route) && !UNSEEN.test(route)),
    [],
  );
});

test('every act was done', () => {
  const all = new Set(LIFECYCLES.flatMap(({ actions }) => Object.keys(actions)));
  assert.deepEqual(
    [...all].filter((name) => !acts.includes(name)),
    [],
  );
});
