import { type Browser, launch as launchPuppeteer } from 'puppeteer';
import { findChromium } from './chromium.js';

const ARGS = ['--font-render-hinting=none', '--disable-dev-shm-usage', '--disable-gpu'];

// Resolves no name or address, even if request interception is bypassed, and keeps the system out of the PDF's Creator.
const OFFLINE_ARGS = [
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--user-agent=Parley',
  '--disable-background-networking',
  '--no-pings',
];

const NO_SANDBOX = '--no-sandbox';

/**
 * Launches a headless Chromium, which the caller closes. `offline` cuts it off from every host, for content by
 * strangers. Its sandbox is off only where it can't work: as root, and where the system forbids user namespaces.
 */
export async function launchBrowser(options: { readonly offline?: boolean } = {}): Promise<Browser> {
  const args = options.offline === true ? [...ARGS, ...OFFLINE_ARGS] : ARGS;
  if (process.getuid?.() === 0) return launch([...args, NO_SANDBOX]);
  try {
    return await launch(args);
  } catch (error) {
    if (error instanceof Error && /sandbox|namespace|zygote/i.test(error.message)) return launch([...args, NO_SANDBOX]);
    throw error;
  }
}

async function launch(args: string[]): Promise<Browser> {
  const { executable, env } = await findChromium();
  // We handle signals ourselves, and close the browser along with everything else.
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
