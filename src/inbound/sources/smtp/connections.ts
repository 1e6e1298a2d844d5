import type { SMTPServerSession } from 'smtp-server';
import { networkOf } from '../../../input/network.js';

/** Connections at a time: of one address, and in all. */
const MOST = { address: 50, total: 200 };

/** What a client is at: nothing yet, or between two messages; has named a sender; is sending a message. */
type Stage = 'idle' | 'begun' | 'busy';

interface Connection {
  id: string;
  network: string;
  /** When it last did something. */
  active: number;
  stage: Stage;
}

/** The connections that are open. When room is needed, the one that has done nothing for longest makes it. */
export class Connections {
  private readonly open = new Map<string, Connection>();

  /** `drop` closes a connection; `relays` may have as many as there are. */
  constructor(
    private readonly drop: (id: string) => void,
    private readonly relays: readonly string[],
    private readonly most = MOST,
  ) {}

  /** Takes a new one in, in place of another if need be; false if all others are at work. */
  admit(session: SMTPServerSession): boolean {
    const network = networkOf(session.remoteAddress);
    const all = [...this.open.values()];
    const own = all.filter((one) => one.network === network);
    const exempt = this.relays.includes(session.remoteAddress);
    if (!exempt && own.length >= this.most.address && !this.makeRoom(own)) return false;
    if (this.open.size >= this.most.total && !this.makeRoom(this.ofLargest(all)) && !this.makeRoom(all)) return false;
    this.open.set(session.id, { id: session.id, network, active: Date.now(), stage: 'idle' });
    return true;
  }

  /** It did something. */
  note({ id }: Pick<SMTPServerSession, 'id'>, stage: Stage): void {
    const connection = this.open.get(id);
    if (connection) Object.assign(connection, { active: Date.now(), stage });
  }

  remove({ id }: Pick<SMTPServerSession, 'id'>): void {
    this.open.delete(id);
  }

  /** Whether it is sending a message. */
  isBusy = (id: string): boolean => this.open.get(id)?.stage === 'busy';

  /** Those of the address that has most. */
  private ofLargest(all: Connection[]): Connection[] {
    const counts = new Map<string, number>();
    for (const { network } of all) counts.set(network, (counts.get(network) ?? 0) + 1);
    const [largest] = [...counts].toSorted(([, a], [, b]) => b - a)[0] ?? [];
    return all.filter(({ network }) => network === largest);
  }

  private makeRoom(among: Connection[]): boolean {
    const begun = ({ stage }: Connection) => (stage === 'begun' ? 1 : 0);
    const [last] = among
      .filter(({ stage }) => stage !== 'busy')
      .toSorted((a, b) => begun(a) - begun(b) || a.active - b.active);
    if (!last) return false;
    this.open.delete(last.id);
    this.drop(last.id);
    return true;
  }
}
