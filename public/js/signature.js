// A signature can be drawn, too. The typed name is what counts; without a script there is no pad.
const pads = new WeakMap();

/** As many pixels as the screen has; what was drawn is drawn again in the new size. */
function fit(canvas, pad) {
  const strokes = pad.toData();
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext('2d').scale(ratio, ratio);
  pad.fromData(strokes);
}

async function open(box, button) {
  const canvas = box.querySelector('canvas');
  const shown = canvas.hidden;
  canvas.hidden = !shown;
  button.setAttribute('aria-expanded', String(shown));
  if (!shown) return clear(box);
  if (!pads.has(canvas)) {
    const { default: SignaturePad } = await import(box.dataset.signature);
    // Ink is dark on every paper: the picture is printed on white.
    const pad = new SignaturePad(canvas, { penColor: '#14213d', minWidth: 0.8, maxWidth: 2.4 });
    pad.addEventListener('endStroke', () => keep(box, pad));
    pads.set(canvas, pad);
    new ResizeObserver(() => canvas.hidden || fit(canvas, pad)).observe(canvas);
  }
}

function keep(box, pad) {
  box.querySelector('[name="signature_drawing"]').value = pad.isEmpty() ? '' : pad.toDataURL('image/png');
  box.querySelector('[data-clear]').hidden = pad.isEmpty();
}

function clear(box) {
  const pad = pads.get(box.querySelector('canvas'));
  pad?.clear();
  if (pad) keep(box, pad);
}

document.addEventListener('click', ({ target }) => {
  const box = target.closest?.('[data-signature]');
  if (target.matches?.('[data-draw]')) void open(box, target);
  if (target.matches?.('[data-clear]')) clear(box);
});
