import { typeNamed } from '../../../src/document_types/index.js';
import { drawLifecycles } from '../../../src/subjects/lifecycle_docs/draw.js';
import { addProject } from '../../../src/projects/project.js';
import { day } from '../days.js';
import { fieldsOf, post, press, seenOn } from '../forms.js';
import { harbor, type Harbor, sentDocument } from '../harbor.js';
import { type Browser, openPortal, type Portal } from '../portal.js';
import { sharedPrinter } from '../printer.js';
import type { ReceivedEmail } from '../post_office.js';
import { closePrinter } from '../printer.js';

/** What people see of documents of one type: pages as HTML, emails in parts. */
export type Tour = Awaited<ReturnType<typeof goRound>>;

const html = async (agent: Browser, path: string) => (await agent.get(path).expect(200)).text;

const emailOf = ({ subject = '', text = '', html, attachments }: ReceivedEmail) => ({
  subject,
  text,
  html: String(html),
  files: attachments.map(({ filename }) => filename),
});

/** A draft from the form, its preview, and the page it has once it is sent. */
async function sendOne(olivia: Browser, { slug, partner_id }: Harbor, form_url: string, project: string) {
  const url = `${form_url}?partner=${partner_id}`;
  const [list, form] = [await html(olivia, form_url.replace('/new', '')), await html(olivia, url)];
  const typed = { title: 'Walnut desk', due_on: day(3), project, 'line_description[]': ['Desk'], preview: '1' };
  const preview_url = await post(olivia, url, { ...fieldsOf(form), ...typed });
  const preview = await olivia.get(preview_url).expect(200);
  const page_url = await post(olivia, preview_url.replace('preview', 'send'), { seen: seenOn(preview) });
  return { list, form, preview: preview.text, page_url, number: page_url.replace(`/${slug}/documents/`, '') };
}

async function goRound(portal: Portal, name: string) {
  const home = await harbor(portal);
  const { slug, olivia: staff, maya: customer } = home;
  const [olivia, maya] = [await portal.signIn(staff.email), await portal.signIn(customer.email)];
  const desk = await html(olivia, `/${slug}/desk`);
  const fields = { key: 'maple', name: 'Reception', partner: home.partner_id };
  const project = await addProject(portal.knex, home.staff, fields);
  const type = typeNamed(name);
  const sent = await sendOne(olivia, home, `/${slug}/${type.path}/new`, project);
  const received = await portal.post.to(customer.email, sent.number);
  const linked = await portal.open(received);
  const pdf = await linked.get(`${sent.page_url}/pdf`).responseType('blob').expect(200);
  const before = {
    ...sent,
    desk,
    email: emailOf(received),
    staff_page: await html(olivia, sent.page_url),
    customer_page: await html(linked, linked.page),
    pdf: { type: pdf.headers['content-type'], start: Buffer.from(pdf.body).toString('latin1', 0, 200) },
    portal: await html(maya, `/${slug}`),
    portal_list: await html(maya, `/${slug}/${type.path}?show=${type.tabs[0]?.name}`),
    found: await html(olivia, `/${slug}/documents?q=walnut`),
    not_found: await html(olivia, `/${slug}/documents?q=oak`),
    project: await html(olivia, `/${slug}/projects/MAPLE/finances`),
    lifecycles: drawLifecycles(),
  };
  return { ...before, ...(await decide(portal, home, name, linked, sent.page_url)) };
}

/** The customer confirms one and refuses another; staff void a third, and can't confirm it for them. */
async function decide(portal: Portal, home: Harbor, name: string, linked: Browser, page_url: string) {
  const olivia = await portal.signIn(home.olivia.email);
  await post(linked, `${page_url}/confirm_receipt`);
  const confirmed = await portal.post.to(home.olivia.email, 'confirmed receipt');
  const again = await press(linked, `${page_url}/confirm_receipt`);
  const maya = await portal.signIn(home.maya.email);
  const [second, third] = [await sentDocument(portal, home, name), await sentDocument(portal, home, name)];
  await post(maya, `${second.url}/refuse`, { reason: 'It is damaged' });
  const forged = await press(olivia, `${third.url}/confirm_receipt`);
  await post(olivia, `${third.url}/void`, { reason: 'Sent twice' });
  return {
    confirmed: emailOf(confirmed),
    again: again.status,
    forged: forged.status,
    received_page: await html(linked, page_url),
    refused_page: await html(olivia, second.url),
    void_page: await html(maya, third.url),
  };
}

// Run as a process of its own, on the copy of the project that it is in.
if (process.argv[1] === import.meta.filename) {
  const portal = await openPortal({}, undefined, sharedPrinter());
  try {
    const tour = await goRound(portal, String(process.argv[2]));
    await new Promise((resolve) => process.send?.(tour, resolve));
  } finally {
    await portal.close();
    await closePrinter();
    process.disconnect();
  }
}
