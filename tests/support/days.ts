const DAY = 86_400_000;

/** An ISO day, counted from today. */
export const day = (offset: number) => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10);

/** Noon of a day, so many days ago. */
export const noonBefore = (days: number) => new Date(Math.floor(Date.now() / DAY - days) * DAY + DAY / 2);
