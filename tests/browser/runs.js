// What a test must know to wait for the app: whether it was asked to run and has not answered yet.
// `stApp` tells only once the answer begins to come, which on a slow machine may take a while.
// The messages are Protocol Buffers; of each only the numbers of its fields are read.
(() => {
  const runs = (window.caremapRuns = { asked: 0, open: false, begun: false });
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

  const hear = ({ data }) => {
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
      }
      super.send(data);
    }
  };
})();
