import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Visit, Visited } from './browsers.js';

process.on('message', (visit: Visit) => {
  drive(visit).then(
    (visited) => process.send?.(visited),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});

async function drive(visit: Visit): Promise<Visited> {
  const agent = new Agent({ keepAlive: true, maxSockets: visit.browsers });
  const times_ms: number[] = [];
  const start = performance.now();
  const browser = async (first: number) => {
    for (let at = first; performance.now() - start < visit.ms; at += visit.browsers) {
      const asked = performance.now();
      await ask(visit, visit.paths[at % visit.paths.length] ?? '/', agent);
      times_ms.push(performance.now() - asked);
      if (visit.pause_ms) await pause(visit.pause_ms);
    }
  };
  await Promise.all(Array.from({ length: visit.browsers }, (_, index) => browser(index)));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  return { requests: times_ms.length, per_second: times_ms.length / seconds, times_ms };
}

function ask({ port, headers, body, status }: Visit, path: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const asking = request(
      { host: '127.0.0.1', port, path, agent, headers, method: body === undefined ? 'GET' : 'POST' },
      (answer) => {
        if (answer.statusCode !== status) reject(new Error(`${path} answered ${answer.statusCode}, not ${status}`));
        answer.resume().on('end', resolve).on('error', reject);
      },
    );
    asking.on('error', reject);
    asking.end(body);
  });
}
