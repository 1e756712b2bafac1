// What a test must know to wait for the app: whether it was asked to run and has not answered yet,
// when anything was done to the page or heard from the app, and when anything was drawn.
// `stApp` tells only once the answer begins to come, which on a slow machine may take a while.
// The messages are Protocol Buffers; of each only the numbers of its fields are read.
(() => {
  const now = () => performance.now();
  const runs = (window.caremapRuns = {
    asked: 0, open: false, begun: false, touched: now(), changed: now(),
  });
  const [RERUN, NEW_SESSION, FINISHED, EARLY] = [11, 4, 6, 2];

  const fields = (data) => {
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    const found = new Map();
    let at = 0;
    const number = () => {
      let value = 0;
      for (let place = 1; ; place *= 128) {
        const byte = bytes[at++];
        value += (byte & 127) * place;
        if (!(byte & 128)) return value;
      }
    };
    while (at < bytes.length) {
      const tag = number();
      const kind = tag & 7;
      if (kind === 0) {
        found.set(tag >> 3, number());
      } else if (kind === 2) {
        const size = number();
        found.set(tag >> 3, size);
        at += size;
      } else {
        at += kind === 1 ? 8 : 4;
      }
    }
    return found;
  };

  const touch = () => { runs.touched = now(); };
  const done = "click pointerdown pointerup pointermove wheel keydown keyup input change focusin drop";
  for (const name of [...done.split(" "), "popstate", "resize"]) {
    addEventListener(name, touch, { capture: true, passive: true });
  }
  for (const look of ["print", "(prefers-color-scheme: dark)"]) {
    matchMedia(look).addEventListener("change", touch);
  }
  // Another theme comes as other classes, part after part, and colors that fade.
  new MutationObserver(() => { runs.changed = now(); })
    .observe(document, { subtree: true, childList: true, attributeFilter: ["class"] });
  const fading = () => document.getAnimations().some(
    (one) => one.playState === "running" && one.effect?.getComputedTiming().iterations === 1);

  // A frame, then whatever else the page has to do. (`requestIdleCallback` would say so, but where a
  // page stands still it may wait until its time is up: seconds. Neither may a frame never come.)
  runs.idle = () => new Promise((rested) => {
    const later = () => scheduler.postTask(rested, { priority: "background" });
    requestAnimationFrame(later);
    setTimeout(later, 1000);
  });

  const seen = (name) => document.querySelector(`[data-testid="${name}"]`);
  const answered = () => !runs.open && seen("stApp")?.dataset.testScriptState === "notRunning";

  // Resolves once nothing has been done or heard for a moment, the app has answered all, and, where
  // it is asked for, nothing is a placeholder and nothing was drawn for so long. What is drawn for
  // ever, as a clock is, is waited for no longer than a while.
  runs.atRest = async (moment, mended, limit) => {
    const began = now();
    const still = () =>
      answered() && now() - runs.touched >= moment
      && (!mended || (!seen("stSkeleton") && (now() - began > 5000 || !fading())
        && now() - Math.min(runs.changed, began + 5000) >= mended));
    for (;;) {
      if (still()) {
        await runs.idle();
        if (still()) return;
      }
      if (now() - began > limit) throw new Error(`not at rest: ${JSON.stringify(runs)}`);
      await new Promise((waited) => setTimeout(waited, 20));
    }
  };

  const hear = ({ data }) => {
    touch();
    const message = fields(data);
    if (message.has(NEW_SESSION)) runs.open = runs.begun = true;
    // What ends early for another run is followed by it; an end without a begin was asked before.
    if (runs.begun && message.has(FINISHED) && message.get(FINISHED) !== EARLY)
      runs.open = runs.begun = false;
  };

  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", hear);
    }

    send(data) {
      if (fields(data).has(RERUN)) {
        runs.asked += 1;
        runs.open = true;
        runs.begun = false;
        touch();
      }
      super.send(data);
    }
  };
})();
