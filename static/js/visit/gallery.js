// The photos of a draft: taken in small, shown, described, taken out again.
import { newKey, photosOf } from "./draft.js";
import { scaled } from "./photos.js";
import * as store from "./store.js";

export class Gallery {
  // wanted(): makes sure that there is a draft to hang a photo on; failed(text): says what could not be read
  constructor(form, draftId, words, { wanted, failed }) {
    Object.assign(this, { draftId, words, wanted, failed });
    this.list = form.querySelector("[data-photo-list]");
    this.template = form.querySelector("[data-photo]");
    for (const input of form.querySelectorAll("[data-photos] input[type=file]")) {
      input.addEventListener("change", () => this.take(input));
    }
  }

  async take(input) {
    const stage = input.name.replace("photos_", "");
    const files = [...input.files];
    input.value = ""; // they are on the device now: the form itself sends none
    await this.wanted();
    for (const file of files) {
      try {
        const photo = await scaled(file);
        const row = { ...photo, key: newKey(), draft: this.draftId, stage, caption: "", sent: false, error: "" };
        await store.put("photos", row);
      } catch (error) {
        const text = error.name === "QuotaExceededError" ? this.words.full : this.words.unreadable;
        this.failed(text.replace("{name}", file.name));
      }
    }
    await this.show();
  }

  async show() {
    const photos = await photosOf(this.draftId);
    this.list.replaceChildren(...photos.map((photo) => this.card(photo)));
    this.list.hidden = photos.length === 0;
  }

  card(photo) {
    const card = this.template.content.firstElementChild.cloneNode(true);
    const [stage, caption] = [card.querySelector("select"), card.querySelector("input")];
    card.querySelector("img").src = photo.preview;
    card.querySelector("img").alt = photo.caption || photo.name;
    stage.value = photo.stage;
    caption.value = photo.caption;
    stage.disabled = caption.disabled = photo.sent;
    stage.addEventListener("change", () => store.change("photos", photo.key, { stage: stage.value }));
    caption.addEventListener("change", () => store.change("photos", photo.key, { caption: caption.value.trim() }));
    card.querySelector("[data-note]").textContent = photo.sent ? this.words.photoSent : photo.error;
    const remove = card.querySelector("button");
    remove.hidden = photo.sent;
    remove.addEventListener("click", async () => {
      await store.remove("photos", photo.key);
      await this.show();
    });
    return card;
  }
}
