const MIN_LENGTH = 12;
const MAX_LENGTH = 200;

/** Estimating takes longer the longer a password is; what is common shows in its beginning. */
const ESTIMATED_LENGTH = 64;

/** Of 4: out of reach for guesses that have to pass our limits. */
const MIN_SCORE = 3;

/** Why a password can't be used by whoever has this address; null if it can. */
export async function weaknessOf(password: string, address: string): Promise<string | null> {
  const length = Array.from(password).length;
  if (!password) return 'Fill this in.';
  if (length < MIN_LENGTH) return 'Use at least 12 characters.';
  if (length > MAX_LENGTH) return 'Use at most 200 characters.';
  if (namesIn(address).some((name) => password.toLowerCase().includes(name)))
    return 'Choose a password that doesn’t contain your email address.';
  return (await scoreOf(password, namesIn(address))) < MIN_SCORE
    ? 'This password is easy to guess. Choose a longer or less common one.'
    : null;
}

/** The parts of an address that are long enough to be a word. */
function namesIn(address: string): string[] {
  const [local = '', domain = ''] = address.toLowerCase().split('@');
  return [local, domain, domain.split('.')[0] ?? ''].filter((name) => name.length > 3);
}

/** zxcvbn's estimate. Loaded when it is needed first: its lists of common passwords take a while. */
async function scoreOf(password: string, names: string[]): Promise<number> {
  const [{ zxcvbn, zxcvbnOptions }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  zxcvbnOptions.setOptions({ dictionary, graphs: adjacencyGraphs });
  return zxcvbn(password.slice(0, ESTIMATED_LENGTH), names).score;
}
