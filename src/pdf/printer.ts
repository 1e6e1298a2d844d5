import { Socket } from 'node:net';
import type { Browser, HTTPRequest, Page } from 'puppeteer';
import { launchBrowser } from './browser.js';

/** The browser or its page crashed; another try may succeed. */
export class BrowserLost extends Error {}

/** It took too long, and would again. */
class PrintTimeout extends Error {}

/** A running browser that prints, and reuses its pages. */
export interface Printer {
  /** Prints one HTML document. @throws BrowserLost, or PrintTimeout, which kills the browser */
  print(html: string, title: string | undefined): Promise<Buffer>;
  /** Whether the browser keeps this process alive. */
  keepAlive(alive: boolean): void;
  close(): Promise<void>;
}

interface PrintPage {
  readonly page: Page;
  /** Rejects when the page's process crashes, after which its commands never return. */
  readonly crashed: Promise<never>;
  /** The document to respond with to the next request for `ADDRESS`, once. */
  html: string | undefined;
}

// RFC 6761: never resolves.
const ADDRESS = 'http://document.invalid/';
const TIMEOUT_MS = 20_000;

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline' data:; sandbox",
  'Referrer-Policy': 'no-referrer',
};

/** Launches a browser. `whenGone` is called once it can no longer be used. */
export async function startPrinter(whenGone: () => void): Promise<Printer> {
  const browser = await launchBrowser({ offline: true });
  const idle: PrintPage[] = [];
  browser.once('disconnected', whenGone);
  return {
    print: (html, title) =>
      withTimeout(browser, print(browser, idle, html, title)).catch((error: unknown) => {
        throw printError(browser, error, whenGone);
      }),
    keepAlive: (alive) => keepAlive(browser, alive),
    close: async () => {
      // Otherwise this process could end before the browser has cleaned up.
      keepAlive(browser, true);
      await browser.close();
    },
  };
}

/** Kills a browser that hangs or has crashed. After a page's crash, which may show as any error, the others go on. */
function printError(browser: Browser, error: unknown, whenGone: () => void): Error {
  const lost = (message: string) => new BrowserLost(message, { cause: error });
  if (browser.connected && !(error instanceof PrintTimeout))
    return error instanceof BrowserLost ? error : lost('The page could not be printed.');
  whenGone();
  browser.process()?.kill('SIGKILL');
  return error instanceof PrintTimeout ? error : lost('The browser ended while it printed.');
}

async function print(browser: Browser, idle: PrintPage[], html: string, title: string | undefined): Promise<Buffer> {
  const page = idle.pop() ?? (await openPage(browser));
  try {
    const pdf = await Promise.race([printOn(page, html, title), page.crashed]);
    idle.push(page);
    return pdf;
  } catch (error) {
    void page.page.close().catch(() => undefined);
    throw error;
  }
}

/** Opens a page without scripts, which can load only `data:` URLs. */
async function openPage(browser: Browser): Promise<PrintPage> {
  const page = await browser.newPage();
  const crashed = new Promise<never>((_, reject) => {
    page.once('error', () => {
      reject(new BrowserLost('The page crashed while it printed.'));
      void page.close().catch(() => undefined);
    });
  });
  // It may crash while nobody waits for it.
  crashed.catch(() => undefined);
  const opened: PrintPage = { page, crashed, html: undefined };
  // `withTimeout` limits the whole.
  page.setDefaultTimeout(0);
  await page.setJavaScriptEnabled(false);
  await page.setRequestInterception(true);
  // Fails once the page is gone.
  page.on('request', (request) => void respond(opened, request).catch(() => undefined));
  return opened;
}

async function respond(opened: PrintPage, request: HTTPRequest): Promise<void> {
  const { page, html } = opened;
  if (request.url() === ADDRESS && request.frame() === page.mainFrame() && html !== undefined) {
    opened.html = undefined;
    return request.respond({ status: 200, contentType: 'text/html; charset=utf-8', headers: HEADERS, body: html });
  }
  if (request.url().startsWith('data:') && !request.isNavigationRequest()) return request.continue();
  return request.abort('aborted');
}

async function printOn(opened: PrintPage, html: string, title: string | undefined): Promise<Buffer> {
  const { page } = opened;
  opened.html = html;
  await page.goto(ADDRESS, { waitUntil: 'load' });
  // Without a title the PDF's would be the address.
  await page.evaluate((given) => {
    document.title = given ?? (document.title || 'Document');
    document.documentElement.dataset['printing'] = 'yes';
  }, title);
  const options = { format: 'A4', preferCSSPageSize: true, printBackground: true, tagged: true, timeout: 0 } as const;
  const pdf = await page.pdf(options);
  // A document that navigates away would be printed as an empty page.
  const same = await page.evaluate(() => document.documentElement.dataset['printing'] === 'yes');
  if (!same) throw new BrowserLost('The page left its document while it printed.');
  return Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
}

/** Rejects when the browser ends or time is up, since the work itself might never return. */
async function withTimeout<T>(browser: Browser, work: Promise<T>): Promise<T> {
  let cleanUp = () => {};
  const ended = new Promise<never>((_, reject) => {
    const onEnd = () => reject(new BrowserLost('The browser ended while it printed.'));
    const onTimeout = () => reject(new PrintTimeout(`The PDF took longer than ${TIMEOUT_MS / 1000} seconds.`));
    const timer = setTimeout(onTimeout, TIMEOUT_MS);
    browser.once('disconnected', onEnd);
    cleanUp = () => {
      clearTimeout(timer);
      browser.off('disconnected', onEnd);
    };
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    cleanUp();
  }
}

function keepAlive(browser: Browser, alive: boolean): void {
  const child = browser.process();
  const pipes = child?.stdio.flatMap((stream) => (stream instanceof Socket ? [stream] : [])) ?? [];
  for (const handle of [child, ...pipes]) {
    if (alive) handle?.ref();
    else handle?.unref();
  }
}
