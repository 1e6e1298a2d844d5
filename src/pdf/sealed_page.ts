import type { Browser, CDPSession, Page } from 'puppeteer';

/** The browser or its page crashed; another try may succeed. */
export class BrowserLost extends Error {}

/** The page alone crashed, as a document may well make it. */
export class PageCrashed extends BrowserLost {}

/**
 * A page that loads only `data:` URLs and runs no scripts. It was opened once with the headers that say so, which then
 * hold for each document written into it: that takes half the processor time of going to each.
 */
export interface SealedPage {
  /** Prints one HTML document. @throws BrowserLost if the page crashes, after which its commands never return */
  print(html: string, title: string | undefined): Promise<Buffer>;
  /** Whether nothing of its documents is left in it, and few enough were printed. */
  isReusable(): boolean;
  close(): Promise<void>;
}

// RFC 6761: never resolves.
const ADDRESS = 'http://document.invalid/';

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline' data:; sandbox",
  'Referrer-Policy': 'no-referrer',
};

const A4_INCHES = { paperWidth: 8.27, paperHeight: 11.7 };
const NO_MARGINS = { marginTop: 0, marginBottom: 0, marginLeft: 0, marginRight: 0 };
const PRINTING = {
  ...A4_INCHES,
  ...NO_MARGINS,
  preferCSSPageSize: true,
  printBackground: true,
  generateTaggedPDF: true,
} as const;

/** A page grows by 1.5 MB with each print, which it gives back when it is closed. */
const MAX_PRINTS = 50;

/** What an earlier document says by this outlasts it, such as a Content-Security-Policy or a language. */
const LEAVES_TRACES = /http-equiv/i;

/** Opens a page for printing. */
export async function openSealedPage(browser: Browser): Promise<SealedPage> {
  const page = await browser.newPage();
  // `withTimeout` limits the whole.
  page.setDefaultTimeout(0);
  await page.setJavaScriptEnabled(false);
  const session = await page.createCDPSession();
  await answerRequests(session);
  await session.send('Page.enable');
  await page.goto(ADDRESS, { waitUntil: 'load' });
  const { frameTree } = await session.send('Page.getFrameTree');
  const opened = { page, session, frameId: frameTree.frame.id };
  const lost = whenLost(page);
  let reusable = true;
  let prints = 0;
  return {
    print: (html, title) => {
      reusable = !LEAVES_TRACES.test(html);
      prints += 1;
      return Promise.race([print(opened, html, title), lost]);
    },
    isReusable: () => reusable && prints < MAX_PRINTS,
    close: () => page.close(),
  };
}

/** Answers the first request with an empty document, and refuses all others. `data:` URLs take no request. */
async function answerRequests(session: CDPSession): Promise<void> {
  const responseHeaders = Object.entries(HEADERS).map(([name, value]) => ({ name, value }));
  let opened = false;
  session.on('Fetch.requestPaused', ({ requestId, request }) => {
    const answer =
      request.url === ADDRESS && !opened
        ? session.send('Fetch.fulfillRequest', { requestId, responseCode: 200, responseHeaders, body: '' })
        : session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
    opened = true;
    // Fails once the page is gone.
    answer.catch(() => undefined);
  });
  await session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
}

/** Rejects when the page crashes, or leaves its document: it would be printed as an empty page. */
function whenLost(page: Page): Promise<never> {
  const lost = new Promise<never>((_, reject) => {
    page.once('error', () => {
      reject(new PageCrashed('The page crashed while it printed.'));
      void page.close().catch(() => undefined);
    });
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) reject(new PageCrashed('The page left its document while it printed.'));
    });
  });
  // It may happen while nobody waits for it.
  lost.catch(() => undefined);
  return lost;
}

interface Opened {
  page: Page;
  session: CDPSession;
  frameId: string;
}

async function print({ page, session, frameId }: Opened, html: string, title: string | undefined): Promise<Buffer> {
  const loaded = new Promise((resolve) => session.once('Page.loadEventFired', resolve));
  await session.send('Page.setDocumentContent', { frameId, html });
  await loaded;
  await page.evaluate(prepare, title);
  const { data } = await session.send('Page.printToPDF', PRINTING);
  return Buffer.from(data, 'base64');
}

/** Runs in the page. Without a title the PDF's would be the address; fonts load once the layout asks for them. */
async function prepare(title: string | undefined): Promise<void> {
  document.title = title ?? (document.title || 'Document');
  document.documentElement.getBoundingClientRect();
  await document.fonts.ready;
}
