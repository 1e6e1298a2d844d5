/**
 * The sample people prove themselves by this zone, as they would by DNS: their mail programs write from this machine.
 */
export const ZONE = Object.fromEntries(
  ['harbor', 'maple', 'aurora', 'rival'].map((name) => [`${name}.example`, { ips: ['127.0.0.1', '::1'] }]),
);
