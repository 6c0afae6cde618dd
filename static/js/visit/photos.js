// Photos are made small on the device, before they wait for a bad line.
const LONGEST_SIDE = 1600; // pixels
const QUALITY = 0.8;
const PREVIEW_SIDE = 240;

function drawn(source, longest) {
  const shrink = Math.min(1, longest / Math.max(source.width, source.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(source.width * shrink));
  canvas.height = Math.max(1, Math.round(source.height * shrink));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // a see-through picture becomes a JPEG
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

// { blob, preview, name }; rejects what the browser cannot read as a picture.
export async function scaled(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    const canvas = drawn(picture, LONGEST_SIDE);
    const blob = await new Promise((resolve, reject) => {
      canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("canvas"))), "image/jpeg", QUALITY);
    });
    const preview = drawn(picture, PREVIEW_SIDE).toDataURL("image/jpeg", 0.6);
    return { blob, preview, name: `${file.name.replace(/\.[^.]*$/, "").slice(0, 100) || "photo"}.jpg` };
  } finally {
    picture.close();
  }
}
