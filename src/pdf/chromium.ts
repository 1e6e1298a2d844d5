import { execFile } from 'node:child_process';
import { access, constants, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { unpackChromium } from './chromium_bundle.js';

const execute = promisify(execFile);

/** A browser that runs on this system. `env` is its whole environment, without our secrets. */
interface Chromium {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
}

const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
];
const MAC_APPLICATIONS = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);
const WINDOWS_PROGRAMS = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
const PASSED_VARIABLES = [
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

let cached: Promise<Chromium> | undefined;

/**
 * Finds a Chromium, once per process: the one in CHROMIUM_PATH, the system's (Chrome, Chromium or Edge), or the bundled
 * one (Linux x64).
 * @throws Error with instructions if there is none
 */
export async function findChromium(): Promise<Chromium> {
  cached ??= search().catch((error: unknown) => {
    cached = undefined;
    throw error;
  });
  return cached;
}

async function search(): Promise<Chromium> {
  const env = passedEnvironment();
  const configured = process.env.CHROMIUM_PATH ?? '';
  if (configured !== '') {
    if (await allows(configured, constants.X_OK)) return { executable: configured, env };
    throw new Error(`CHROMIUM_PATH is ${configured}, which is not a program that can be run.`);
  }
  for (const executable of systemPaths()) {
    if ((await allows(executable, constants.X_OK)) && (await starts(executable, env))) return { executable, env };
  }
  if (process.platform === 'linux' && process.arch === 'x64') return bundled(env);
  throw new Error('PDFs need Chromium, Chrome or Edge, and none was found. Install one, or name it in CHROMIUM_PATH.');
}

function passedEnvironment(): Record<string, string> {
  const passed = Object.fromEntries(
    PASSED_VARIABLES.map((name) => [name, process.env[name] ?? '']).filter(([, value]) => value !== ''),
  );
  // PDFs contain it if the document names no language; fixed so that they are the same everywhere.
  return { ...passed, LANG: 'en_US.UTF-8' };
}

function systemPaths(): string[] {
  if (process.platform === 'darwin') return MAC_APPLICATIONS;
  if (process.platform === 'win32') {
    const roots = [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA];
    return roots.flatMap((root) => (root === undefined ? [] : WINDOWS_PROGRAMS.map((program) => join(root, program))));
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute);
  return COMMANDS.flatMap((name) => folders.map((folder) => join(folder, name)));
}

async function allows(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

/** Excludes placeholders that only tell how to install the browser, and browsers that lack libraries. */
async function starts(executable: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  // On Windows --version opens a window.
  if (process.platform === 'win32') return true;
  return execute(executable, ['--version'], { env, timeout: 15_000 }).then(
    () => true,
    () => false,
  );
}

async function bundled(passed: Readonly<Record<string, string>>): Promise<Chromium> {
  const { executable, libraries, fontconfig } = await unpackChromium();
  const env = (await hasFonts()) ? passed : { ...passed, FONTCONFIG_FILE: fontconfig };
  if (await starts(executable, env)) return { executable, env };
  const with_libraries = { ...env, LD_LIBRARY_PATH: libraries };
  if (await starts(executable, with_libraries)) return { executable, env: with_libraries };
  throw new Error(
    `The Chromium that comes with Parley does not run here (${executable}). Install one, or name it in CHROMIUM_PATH.`,
  );
}

/** Whether the system has fonts and a fontconfig file, without which PDFs have no glyphs. */
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
