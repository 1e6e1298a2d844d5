import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'puppeteer';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on a page as it stands: all in light; in dark what colours can change. */
export async function faultsOf(page: Page): Promise<string[]> {
  await loadAxe(page);
  const found = [...(await inScheme(page, 'light')), ...(await inScheme(page, 'dark', ['color-contrast']))];
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  return found;
}

export const loadAxe = (page: Page) => page.evaluate(axe);

/** In that colour scheme, once axe is loaded, by these of axe's rules or by all, in the part that a selector names. */
export async function inScheme(
  page: Page,
  scheme: 'light' | 'dark',
  rules?: string[],
  part = 'html',
): Promise<string[]> {
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme },
    { name: 'prefers-reduced-motion', value: 'reduce' }, // or colours are measured half-way through their change
  ]);
  const options = JSON.stringify(rules ? { runOnly: rules } : {});
  const faults = (await page.evaluate(
    `axe.run(document.querySelector('${part}'), ${options}).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html).join(' ')))`,
  )) as string[];
  return faults.map((fault) => `${page.url().replace(/^https?:\/\/[^/]+/, '')} (${scheme}) ${fault}`);
}
