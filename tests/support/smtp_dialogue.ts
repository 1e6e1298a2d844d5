import { connect } from 'node:net';

/** Talks to an SMTP server line by line, each once the one before is answered. Returns the last line of each answer. */
export async function talk(port: number, lines: readonly string[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  const answers: string[] = [];
  let answer = '';
  const waiting = [...lines];
  socket.setEncoding('utf8');
  for await (const chunk of socket) {
    answer += String(chunk);
    const ended = /^(?:\d{3}-.*\r\n)*(\d{3} .*)\r\n$/.exec(answer);
    if (!ended) continue;
    answers.push(answer.trim());
    answer = '';
    const next = waiting.shift();
    if (next === undefined) break;
    socket.write(`${next}\r\n`);
  }
  socket.destroy();
  return answers;
}
