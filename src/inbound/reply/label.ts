/** A line's kind. `rest`: an unmarked quote up to the end; `forward`: forwarded text; `notice`: a gateway's banner. */
export type Label = 'notice' | 'blank' | 'text' | 'quote' | 'forward' | 'rest';

/** A label before it is known whether an attribution is followed by a marked quote. */
export type Draft = Label | 'attribution';
