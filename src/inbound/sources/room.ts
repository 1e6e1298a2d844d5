/** Room for so many bytes at a time, shared by all who send to us. */
export interface Room {
  /** Whether there was room for them; if so, it is theirs until it is given back. */
  take(bytes: number): boolean;
  free(bytes: number): void;
}

export function roomFor(most: number): Room {
  let used = 0;
  return {
    take(bytes) {
      if (used + bytes > most) return false;
      used += bytes;
      return true;
    },
    free(bytes) {
      used -= bytes;
    },
  };
}
