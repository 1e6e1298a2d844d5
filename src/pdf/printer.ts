import { Socket } from 'node:net';
import type { Browser, HTTPRequest, Page } from 'puppeteer';
import { launchBrowser } from './browser.js';

/** The browser or its page died under the work; another try may do. */
export class BrowserLost extends Error {}

/** It took longer than is allowed; another try would, too. */
export class PrintTimeout extends Error {}

/** One browser that prints, with pages that are used again. */
export interface Printer {
  /** Prints one HTML document. Throws `BrowserLost`, or `TooSlow` (which kills the browser). */
  print(html: string, title: string | undefined): Promise<Buffer>;
  /** While it isn't held, the browser does not keep this process alive. */
  hold(held: boolean): void;
  close(): Promise<void>;
}

interface Sheet {
  readonly page: Page;
  /** Rejects when the page's own process dies, which leaves its commands without an answer. */
  readonly crashed: Promise<never>;
  /** The document that the next request for `address` is answered with, once. */
  html: string | undefined;
}

// RFC 6761: never resolves.
const address = 'http://document.invalid/';
const timeLimit = 20_000;

const headers = {
  'Content-Security-Policy':
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline' data:; sandbox",
  'Referrer-Policy': 'no-referrer',
};

/** Launches the browser; `whenGone` is called as soon as it can't be used any more. */
export async function startPrinter(whenGone: () => void): Promise<Printer> {
  const browser = await launchBrowser({ offline: true });
  const idle: Sheet[] = [];
  browser.once('disconnected', whenGone);
  return {
    print: async (html, title) => {
      try {
        return await guarded(browser, printOnSheet(browser, idle, html, title));
      } catch (error) {
        if (browser.connected && !(error instanceof PrintTimeout)) {
          // A page that dies may say "Printing failed" before it is heard that it died; the others print on.
          throw error instanceof BrowserLost
            ? error
            : new BrowserLost('The page could not be printed.', { cause: error });
        }
        whenGone();
        browser.process()?.kill('SIGKILL');
        throw error instanceof PrintTimeout
          ? error
          : new BrowserLost('The browser ended while it printed.', { cause: error });
      }
    },
    hold: (held) => holdProcess(browser, held),
    close: async () => {
      // Or this process could end before the browser has cleaned up.
      holdProcess(browser, true);
      await browser.close();
    },
  };
}

async function printOnSheet(browser: Browser, idle: Sheet[], html: string, title: string | undefined): Promise<Buffer> {
  const sheet = idle.pop() ?? (await openSheet(browser));
  try {
    const pdf = await Promise.race([printSheet(sheet, html, title), sheet.crashed]);
    idle.push(sheet);
    return pdf;
  } catch (error) {
    void sheet.page.close().catch(() => undefined);
    throw error;
  }
}

/** A page without script, for which nothing but `data:` exists. */
async function openSheet(browser: Browser): Promise<Sheet> {
  const page = await browser.newPage();
  const crashed = new Promise<never>((_, reject) => {
    page.once('error', () => {
      reject(new BrowserLost('The page crashed while it printed.'));
      // With the browser gone there is nothing left to close.
      void page.close().catch(() => undefined);
    });
  });
  // It may crash with nobody waiting.
  crashed.catch(() => undefined);
  const sheet: Sheet = { page, crashed, html: undefined };
  // The limit for the whole is ours.
  page.setDefaultTimeout(0);
  await page.setJavaScriptEnabled(false);
  await page.setRequestInterception(true);
  // A page that is gone can't be answered any more.
  page.on('request', (request) => void answer(sheet, request).catch(() => undefined));
  return sheet;
}

async function answer(sheet: Sheet, request: HTTPRequest): Promise<void> {
  const { html } = sheet;
  if (request.url() === address && request.frame() === sheet.page.mainFrame() && html !== undefined) {
    sheet.html = undefined;
    return request.respond({ status: 200, contentType: 'text/html; charset=utf-8', headers, body: html });
  }
  if (request.url().startsWith('data:') && !request.isNavigationRequest()) return request.continue();
  return request.abort('aborted');
}

async function printSheet(sheet: Sheet, html: string, title: string | undefined): Promise<Buffer> {
  sheet.html = html;
  await sheet.page.goto(address, { waitUntil: 'load' });
  // Without a title the PDF would be called by its address.
  await sheet.page.evaluate((given) => {
    document.title = given ?? (document.title || 'Document');
    document.documentElement.dataset['printing'] = 'yes';
  }, title);
  const pdf = await sheet.page.pdf({
    format: 'A4',
    preferCSSPageSize: true,
    printBackground: true,
    tagged: true,
    timeout: 0,
  });
  // What was printed must be what was given, and not an empty page that it was on its way to.
  const same = await sheet.page.evaluate(() => document.documentElement.dataset['printing'] === 'yes');
  if (!same) throw new BrowserLost('The page left its document while it printed.');
  return Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
}

/** Ends the wait when the browser ends or time is up: the work itself might never come back. */
async function guarded<T>(browser: Browser, work: Promise<T>): Promise<T> {
  let stopWaiting = () => {};
  const ended = new Promise<never>((_, reject) => {
    const gone = () => reject(new BrowserLost('The browser ended while it printed.'));
    const timer = setTimeout(
      () => reject(new PrintTimeout(`The PDF took longer than ${timeLimit / 1000} seconds.`)),
      timeLimit,
    );
    browser.once('disconnected', gone);
    stopWaiting = () => {
      clearTimeout(timer);
      browser.off('disconnected', gone);
    };
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    stopWaiting();
  }
}

function holdProcess(browser: Browser, held: boolean): void {
  const child = browser.process();
  const pipes = child?.stdio.flatMap((stream) => (stream instanceof Socket ? [stream] : [])) ?? [];
  for (const handle of [child, ...pipes]) {
    if (held) handle?.ref();
    else handle?.unref();
  }
}
