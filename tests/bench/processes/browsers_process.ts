import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Visit, Visited } from './browsers.js';
import { answerParent } from './child.js';

const agent = new Agent({ keepAlive: true });
answerParent(null, drive);
process.on('disconnect', () => process.exit());

async function drive(visit: Visit): Promise<Visited> {
  const times_ms: number[] = [];
  let [bytes, begun] = [0, 0];
  const start = performance.now();
  const more = () => begun < (visit.least ?? 1) || performance.now() - start < visit.ms;
  const browser = async (first: number) => {
    for (let at = first; more(); at += visit.browsers) {
      begun += 1;
      const asked = performance.now();
      bytes = await ask(visit, visit.paths[at % visit.paths.length] ?? '/');
      times_ms.push(performance.now() - asked);
      if (visit.pause_ms) await pause(visit.pause_ms);
    }
  };
  await Promise.all(Array.from({ length: visit.browsers }, (_, index) => browser(index)));
  const seconds = (performance.now() - start) / 1000;
  return { requests: times_ms.length, per_second: times_ms.length / seconds, times_ms, bytes };
}

/** The number of bytes in the answer. */
function ask({ port, headers, body, status }: Visit, path: string): Promise<number> {
  const method = body === undefined ? 'GET' : 'POST';
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path, agent, headers, method }, (answer) => {
      if (answer.statusCode !== status) reject(new Error(`${path} answered ${answer.statusCode}, not ${status}`));
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      answer.on('end', () => resolve(bytes)).on('error', reject);
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
