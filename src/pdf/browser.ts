import { type Browser, launch as launchPuppeteer } from 'puppeteer';
import { findChromium } from './chromium.js';

/**
 * `offline`: for documents with contents of strangers; the browser finds no host, whatever a page asks for. Default:
 * false.
 */
export interface BrowserOptions {
  readonly offline?: boolean;
}

const plain = ['--font-render-hinting=none', '--disable-dev-shm-usage', '--disable-gpu'];

// No name or address resolves, not even by a way around the interception of requests; and the PDF's Creator tells
// nothing of this system.
const offlineOnly = [
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--user-agent=Parley',
  '--disable-background-networking',
  '--no-pings',
];

const noSandbox = '--no-sandbox';

/**
 * Launches a headless Chromium. Its sandbox is off only for root, for whom it doesn't work, and where the system
 * forbids user namespaces. It ends with this process; whoever launches it closes it.
 */
export async function launchBrowser(options: BrowserOptions = {}): Promise<Browser> {
  const args = options.offline === true ? [...plain, ...offlineOnly] : plain;
  if (process.getuid?.() === 0) return launch([...args, noSandbox]);
  try {
    return await launch(args);
  } catch (error) {
    if (error instanceof Error && /sandbox|namespace|zygote/i.test(error.message)) return launch([...args, noSandbox]);
    throw error;
  }
}

async function launch(args: string[]): Promise<Browser> {
  const { executable, env } = await findChromium();
  // Signals are ours to handle: the browser is closed in order with the rest.
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  return launchPuppeteer({
    executablePath: executable,
    env: { ...env },
    args,
    headless: 'shell',
    pipe: true,
    ...signals,
  });
}
