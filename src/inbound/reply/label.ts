/**
 * What a line is: `rest` is quoted to the end though nothing marks it so, `forward` is passed on by the sender,
 * `notice` was put there by a gateway.
 */
export type Label = 'notice' | 'blank' | 'text' | 'quote' | 'forward' | 'rest';

/** Before it is known whether a quote comes below an attribution. */
export type Draft = Label | 'attribution';
