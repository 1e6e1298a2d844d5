// A chosen photo is shown as a square that can be moved and enlarged, and sent as it is seen. Without this script the
// server takes its middle.
const SIZE = 512;
const STEP = 16;
let shown = null;

function draw() {
  const { canvas, image, zoom } = shown;
  const scale = (SIZE / Math.min(image.width, image.height)) * zoom;
  const [width, height] = [image.width * scale, image.height * scale];
  // It always fills the square.
  shown.x = Math.min(0, Math.max(SIZE - width, shown.x));
  shown.y = Math.min(0, Math.max(SIZE - height, shown.y));
  canvas.getContext('2d').drawImage(image, shown.x, shown.y, width, height);
}

async function open(form, file) {
  const crop = form.querySelector('.photo-crop');
  // What this browser can't read, the server judges.
  const image = await createImageBitmap(file).catch(() => null);
  crop.hidden = !image;
  if (!image) return form.requestSubmit();
  const scale = SIZE / Math.min(image.width, image.height);
  const middle = (side) => (SIZE - side * scale) / 2;
  crop.querySelector('input').value = 1;
  shown = { canvas: crop.querySelector('canvas'), image, zoom: 1, x: middle(image.width), y: middle(image.height) };
  draw();
  shown.canvas.focus();
}

document.addEventListener('change', ({ target }) => {
  const form = target.matches('.photo-file') && target.closest('[data-photo]');
  if (form && target.files[0] && !form.dataset.cropped) void open(form, target.files[0]);
});

document.addEventListener('input', ({ target }) => {
  if (target.id !== 'photo-zoom' || !shown) return;
  const zoom = Number(target.value);
  // The middle stays in the middle.
  const around = (at) => SIZE / 2 - ((SIZE / 2 - at) * zoom) / shown.zoom;
  Object.assign(shown, { x: around(shown.x), y: around(shown.y), zoom });
  draw();
});

function move(x, y) {
  shown.x += x;
  shown.y += y;
  draw();
}

document.addEventListener('pointerdown', ({ target, pointerId }) => {
  if (target === shown?.canvas) target.setPointerCapture(pointerId);
});
document.addEventListener('pointermove', ({ target, pointerId, movementX, movementY }) => {
  if (target !== shown?.canvas || !target.hasPointerCapture(pointerId)) return;
  const scale = SIZE / target.clientWidth;
  move(movementX * scale, movementY * scale);
});

const ARROWS = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };

document.addEventListener('keydown', (event) => {
  const by = ARROWS[event.key];
  if (!by || event.target !== shown?.canvas) return;
  event.preventDefault();
  move(...by);
});

// The square takes the place of the file, then the form is sent.
document.addEventListener(
  'submit',
  (event) => {
    const form = event.target;
    if (!form.matches('[data-photo]') || form.dataset.cropped || !shown) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    shown.canvas.toBlob(
      (blob) => {
        const files = new DataTransfer();
        files.items.add(new File([blob], 'photo.webp', { type: blob.type }));
        form.elements['files'].files = files.files;
        form.dataset.cropped = 'yes';
        shown = null;
        form.requestSubmit(event.submitter);
      },
      'image/webp',
      0.92,
    );
  },
  true,
);
