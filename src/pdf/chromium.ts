import { execFile } from 'node:child_process';
import { access, constants, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { unpackChromium } from './chromium_bundle.js';

const run = promisify(execFile);

/** A browser that runs here. `env` is all it gets to see of our environment: none of our secrets. */
export interface Chromium {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
}

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
];
const applications = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);
const windowsPrograms = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
const passedOn = [
  'PATH',
  'HOME',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  'SystemRoot',
  'LOCALAPPDATA',
  'APPDATA',
  'USERPROFILE',
  'TEMP',
  'TMP',
];

let found: Promise<Chromium> | undefined;

/**
 * Finds a Chromium: the one named by CHROMIUM_PATH, the system's (Chrome, Chromium or Edge), or the one that comes
 * with Parley (linux x64). Looked for once per process. Throws with what to do if there is none.
 */
export async function findChromium(): Promise<Chromium> {
  found ??= search().catch((error: unknown) => {
    found = undefined;
    throw error;
  });
  return found;
}

async function search(): Promise<Chromium> {
  const env = plainEnvironment();
  const named = process.env.CHROMIUM_PATH ?? '';
  if (named !== '') {
    if (await allows(named, constants.X_OK)) return { executable: named, env };
    throw new Error(`CHROMIUM_PATH is ${named}, which is not a program that can be run.`);
  }
  for (const executable of systemPaths()) {
    if ((await allows(executable, constants.X_OK)) && (await starts(executable, env))) return { executable, env };
  }
  if (process.platform === 'linux' && process.arch === 'x64') return bundled(env);
  throw new Error('PDFs need Chromium, Chrome or Edge, and none was found. Install one, or name it in CHROMIUM_PATH.');
}

function plainEnvironment(): Record<string, string> {
  const known = Object.fromEntries(
    passedOn.map((name) => [name, process.env[name] ?? '']).filter(([, value]) => value !== ''),
  );
  // The same PDF on each machine: it names the language, if the document doesn't.
  return { ...known, LANG: 'en_US.UTF-8' };
}

function systemPaths(): string[] {
  if (process.platform === 'darwin') return applications;
  if (process.platform === 'win32') {
    const roots = [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA];
    return roots.flatMap((root) => (root === undefined ? [] : windowsPrograms.map((program) => join(root, program))));
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute);
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

async function allows(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

/** Sorts out a program that only says where to get the browser, or lacks its libraries. */
async function starts(executable: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  // On Windows the question would open a window.
  if (process.platform === 'win32') return true;
  return run(executable, ['--version'], { env, timeout: 15_000 }).then(
    () => true,
    () => false,
  );
}

async function bundled(plain: Readonly<Record<string, string>>): Promise<Chromium> {
  const { executable, libraries, fontconfig } = await unpackChromium();
  const env = (await hasFonts()) ? plain : { ...plain, FONTCONFIG_FILE: fontconfig };
  if (await starts(executable, env)) return { executable, env };
  const more = { ...env, LD_LIBRARY_PATH: libraries };
  if (await starts(executable, more)) return { executable, env: more };
  throw new Error(
    `The Chromium that comes with Parley does not run here (${executable}). Install one, or name it in CHROMIUM_PATH.`,
  );
}

/** Without a font or fontconfig's own file, a PDF would have no glyphs. */
async function hasFonts(): Promise<boolean> {
  if (!(await allows('/etc/fonts/fonts.conf', constants.R_OK))) return false;
  const folders = [
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    join(homedir(), '.fonts'),
    join(homedir(), '.local', 'share', 'fonts'),
  ];
  const files = await Promise.all(folders.map((folder) => readdir(folder, { recursive: true }).catch(() => [])));
  return files.flat().some((name) => /\.(ttf|otf|ttc)$/i.test(name));
}
