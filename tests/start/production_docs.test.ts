import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig, root } from '../../src/config.js';

const folder = join(root, 'docs/production');
const guide = readFileSync(join(root, 'docs/production.md'), 'utf8');
const examples = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
const settings = readFileSync(join(root, 'README.md'), 'utf8') + readFileSync(join(root, '.env.example'), 'utf8');
const OF_OTHERS = /^(POSTGRES_|PARLEY_|ON_ERROR_STOP|CAP_NET|DEBIAN_|INTO_)/;

test('the guide and its examples name only settings and files that exist', () => {
  for (const [name, text] of [['production.md', guide] as const, ...examples]) {
    for (const [setting] of text.matchAll(/\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b/g))
      if (!OF_OTHERS.test(setting)) assert.ok(settings.includes(setting), `${name}: ${setting}`);
    for (const [, path = ''] of text.matchAll(/\bdist\/([\w/]+)\.js/g))
      assert.ok(existsSync(join(root, 'src', `${path}.ts`)), `${name}: ${path}`);
    for (const [, link = ''] of text.matchAll(/\]\(([^)#]+)\)/g))
      assert.ok(existsSync(join(root, 'docs', link)), `${name}: ${link}`);
  }
  for (const [name] of examples)
    if (name !== 'database_role.sh') assert.ok(guide.includes(name) || guide.includes('parley-*.service'), name);
});

test('production starts with the settings that the guide writes down, once its blanks are filled in', () => {
  const [, block = ''] = /```sh\n(BASE_URL=[\s\S]*?)```/.exec(guide) ?? [];
  const lines = block
    .trim()
    .split('\n')
    .map((line) => /^(\w+)=(\S*)/.exec(line)?.slice(1) ?? []);
  const keys = { SECRET: '9f3c'.padEnd(64, 'a71e52'), BANK_DETAILS_KEY: '11d4'.padEnd(64, 'c08b93') };
  const { base_url, mail_domain } = readConfig({ ...Object.fromEntries(lines), ...keys, NODE_ENV: 'production' });
  assert.deepEqual([base_url, mail_domain], ['https://portal.example.com', 'reply.example.com']);
});
