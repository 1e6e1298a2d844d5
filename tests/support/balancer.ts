import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, createServer, get, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../src/config.js';
import { freePort } from './ports.js';
import { until } from './until.js';

/** In front of several web processes. */
export interface Balancer {
  url: string;
  /** All of them are asked. */
  settled(): Promise<unknown>;
  close(): Promise<void>;
}

/** Turn by turn to those that say they are ready, over connections that stay open. Tries nothing twice. */
export async function readyOnes(ports: readonly number[]): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const ready = new Set<number>();
  const look = (port: number) =>
    get({ port, host: '127.0.0.1', path: '/readyz', agent: false, timeout: 500 }, (res) => {
      ready[res.resume().statusCode === 200 ? 'add' : 'delete'](port);
    }).on('error', () => ready.delete(port));
  const timer = setInterval(() => ports.forEach(look), 50);
  const settled = () => until('all to be ready', () => ready.size === ports.length);
  await settled();
  let turn = 0;
  const server = createServer((req, res) => {
    const port = ports.filter((one) => ready.has(one))[(turn += 1) % ready.size];
    const onward = request({ port, host: '127.0.0.1', path: req.url, method: req.method, headers: req.headers, agent });
    onward.on('response', (answer) => {
      res.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(res);
    });
    onward.on('error', (error) => res.writeHead(502).end(String(error)));
    req.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    settled,
    async close() {
      clearInterval(timer);
      agent.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const NGINX = '/usr/sbin/nginx';

/** Why there is no nginx to test with; false if there is. */
export const noNginx: string | false = !existsSync(NGINX) && 'nginx is not installed';

/** A real nginx with our example of a configuration, but for its ports and TLS. */
export async function openNginx(ports: readonly number[]): Promise<Balancer> {
  const [folder, port] = [await mkdtemp(join(tmpdir(), 'parley-nginx-')), await freePort()];
  const example = await readFile(join(root, 'docs/production/nginx.conf'), 'utf8');
  const site = withoutTls(example, port).replaceAll(/server 127\.0\.0\.1:300(\d)/g, (_, n) => {
    return `server 127.0.0.1:${ports[Number(n) - 1]}`;
  });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder};`);
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/pid; error_log stderr warn; worker_processes 1;
     events { worker_connections 256; }
     http { access_log off; ${temporary.join(' ')} ${site} }`,
  );
  const child = spawn(NGINX, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], { stdio: 'ignore' });
  await until('nginx to answer', () => isOpen(port));
  return {
    url: `http://127.0.0.1:${port}`,
    settled: async () => {},
    async close() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const isOpen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() !== null));
    socket.on('error', () => resolve(false));
  });

/** The server that is for TLS, on this port, without it. */
function withoutTls(example: string, port: number): string {
  const [upstream = '', , tls = ''] = example.split(/^server \{$/m);
  const plain = tls
    .split('\n')
    .filter((line) => !/ssl_|listen \[/.test(line))
    .join('\n')
    .replace(/listen 443 ssl http2/, `listen 127.0.0.1:${port}`)
    .replace(/server_name .*;/, 'server_name _;');
  return `${upstream}\nserver {${plain}`;
}
