import { setTimeout as wait } from 'node:timers/promises';
import { stopOrphan } from './data_folder.js';
import type { Installation } from './installation.js';
import { clusterFolder, launchServer, type Server, type SocketFolder } from './server.js';

/** The pause between two tries to start it again: doubled each time, up to the second figure. */
const PAUSE_MS = [250, 10_000] as const;

/**
 * Launches the server, and again whenever it ends before it is stopped: killed for its memory, or by a full disk.
 * @throws what the first launch fails with
 */
export async function keepServer(
  installation: Installation,
  socket: SocketFolder,
  fsync: boolean,
  say: (text: string) => void,
): Promise<Pick<Server, 'stop'>> {
  const controller = new AbortController();
  const { signal } = controller;
  let server: Server | null = await launchServer(installation, socket, fsync);
  const follow = async () => {
    while (server) {
      const output = await server.exited;
      if (signal.aborted) return;
      say(`The database ended and is started again. ${output.split('\n').at(-1) ?? ''}`);
      server = await relaunch(installation, socket, fsync, say, signal);
      // Launched while it was to stop.
      if (signal.aborted) await server?.stop();
    }
  };
  const following = follow();
  return {
    async stop() {
      controller.abort();
      await server?.stop();
      await following;
    },
  };
}

/** Tries until it starts; null if it is to stop. */
async function relaunch(
  installation: Installation,
  socket: SocketFolder,
  fsync: boolean,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<Server | null> {
  // Backends of the one that ended may hold on to the data for a moment.
  for (let pause: number = PAUSE_MS[0]; !signal.aborted; pause = Math.min(2 * pause, PAUSE_MS[1])) {
    try {
      await stopOrphan(clusterFolder(installation));
      await socket.clear();
      return await launchServer(installation, socket, fsync);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
    await wait(pause, undefined, { signal }).catch(() => {});
  }
  return null;
}
