// Carries what is ready to the portal: at once, when the line is back, and again with longer and longer pauses.
import { ofUser } from "./draft.js";
import { BUSY, CUT, SIGNED_OUT, SOMEBODY_ELSE, send } from "./send.js";

const FIRST_PAUSE = 5000; // milliseconds
const LONGEST_PAUSE = 120000;

export class Courier {
  // told(id, outcome, progress): outcome is null while it is on its way
  constructor(person, told) {
    Object.assign(this, { person, told, timer: 0, pause: FIRST_PAUSE, running: null, asked: false });
    this.kick = this.kick.bind(this);
    window.addEventListener("online", this.kick);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.kick());
  }

  // Try now, whatever pause was kept.
  kick() {
    this.pause = FIRST_PAUSE;
    this.asked = Boolean(this.running); // what became ready since the round began goes in another one
    return this.run();
  }

  run() {
    window.clearTimeout(this.timer);
    this.running ??= this.round().finally(() => {
      this.running = null;
      if (this.asked) this.kick();
    });
    return this.running;
  }

  async round() {
    const waiting = (await ofUser(this.person.id)).filter((draft) => draft.state === "ready");
    for (const draft of waiting) {
      if (!navigator.onLine) return;
      this.told(draft.id, null, null);
      const outcome = await send(draft.id, (progress) => this.told(draft.id, null, progress));
      await this.told(draft.id, outcome, null);
      if (outcome === SIGNED_OUT || outcome === SOMEBODY_ELSE) return; // somebody must sign in first
      if (outcome === CUT || outcome === BUSY) {
        this.timer = window.setTimeout(() => this.run(), this.pause);
        this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
        return;
      }
    }
  }
}
