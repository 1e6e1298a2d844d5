import type { Browser, Page } from 'puppeteer';
import { launchBrowser } from '../../src/pdf/browser.js';
import { PATIENCE_MS } from './until.js';

let shared: Promise<Browser> | undefined;

/** One browser for all tests of this process; each window knows nothing of the others. */
const sharedBrowser = () => (shared ??= launchBrowser());

export const closeBrowser = async () => {
  await (await shared)?.close();
  shared = undefined;
};

/** A window of a browser that knows nobody, with what went wrong in its console. However slow the machine, it waits. */
export async function openWindow(): Promise<{ page: Page; errors: string[] }> {
  const context = await (await sharedBrowser()).createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.setViewport({ width: 1280, height: 900 });
  return { page, errors };
}

/** Signs in as a person does; `code` waits for the email that was asked for and gives its six digits. */
export async function signInAt(page: Page, base_url: string, email: string, code: () => Promise<string>) {
  await page.goto(`${base_url}/sign-in`);
  await page.type('input[name=email]', email);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await page.type('input[name=code]', await code());
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
}
