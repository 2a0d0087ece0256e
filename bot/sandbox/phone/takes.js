// Everything that is sent and is not text: the attach button, the microphone, the file input.

import { instead, toMedia } from "./attach.js";
import { sheet } from "./dialogs.js";
import { button, el, icon } from "./dom.js";
import { menu } from "./menu.js";
import { RecordBar } from "./recordbar.js";
import { hasCamera, record } from "./recorder.js";

export class Takes {
  /** host: {takeReply(), cover(bar), uncover(), type()}, the text field's side of it. */
  constructor(actions, host) {
    Object.assign(this, { actions, host, prefer: null, bar: null, asking: false });
    this.file = el("input", {
      type: "file",
      class: "visually-hidden",
      tabindex: "-1",
      "aria-hidden": "true",
      "data-testid": "attach-input",
      onchange: () => this.chosen(),
    });
    this.attach = button(
      {
        class: "icon-button",
        "aria-label": "Attach",
        "aria-haspopup": "menu",
        "data-testid": "attach",
        onclick: () => this.attachMenu(),
      },
      icon("clip"),
    );
    this.mic = button(
      {
        class: "round-button mic",
        "aria-label": "Record a voice message",
        title: "Hold or tap to record",
        "data-testid": "mic",
        onpointerdown: (event) => this.micDown(event),
        onclick: (event) => event.detail === 0 && this.start("voice"),
        oncontextmenu: (event) => event.preventDefault(),
      },
      icon("mic"),
    );
  }

  async attachMenu() {
    const items = [
      {
        label: "Photo, video or file",
        icon: "file",
        testid: "attach-any",
        act: () => this.pickFile(""),
      },
      {
        label: "Audio as voice message",
        icon: "mic",
        testid: "attach-audio",
        act: () => this.pickFile("audio/*,.oga,.opus", "voice"),
      },
    ];
    const camera = {
      label: "Record a round video",
      icon: "camera",
      testid: "attach-round",
      act: () => this.start("video_note"),
    };
    if (await hasCamera()) items.push(camera);
    menu(this.attach.getBoundingClientRect(), items, "Attach");
  }

  /** prefer: how to send it without asking, when that is clear already. */
  pickFile(accept, prefer = null) {
    this.prefer = prefer;
    this.file.accept = accept;
    this.file.click();
  }

  async chosen() {
    const [file] = this.file.files;
    if (file) await this.sendFile(file, this.prefer);
    this.prefer = null;
    this.file.value = ""; // the same file may be chosen again
  }

  async sendFile(file, prefer = null) {
    const media = await toMedia(file, prefer);
    if (media) await this.deliver(media);
  }

  /** A take is never lost to a failed request: it stays in hand until it is sent or given up. */
  async deliver(media) {
    const replyTo = this.host.takeReply();
    for (;;) {
      try {
        await this.actions.sendMedia(media, replyTo?.message_id);
        return;
      } catch (error) {
        const again = await sheet({
          title: "Not sent yet",
          testid: "not-sent",
          body: [
            el("p", {}, error.message),
            el("p", { class: "faint" }, "Your recording is kept here until you decide."),
          ],
          choices: [
            { label: "Try again", style: "primary", testid: "send-again" },
            { label: "Discard it", value: "no", style: "danger" },
          ],
        });
        if (again === "no") return;
      }
    }
  }

  micDown(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.start("voice", { x: event.clientX, at: performance.now() });
  }

  /** down: where and when the finger went down, if it may still be down. */
  async start(kind, down = null) {
    if (this.asking || this.bar) return;
    this.asking = true;
    let released = !down;
    const up = () => (released = true);
    addEventListener("pointerup", up);
    try {
      this.recordWith(await record(kind), released ? null : down);
    } catch (error) {
      if (!error.reason) throw error;
      await this.offerInstead(kind, error.reason);
    } finally {
      removeEventListener("pointerup", up);
      this.asking = false;
    }
  }

  recordWith(recording, down) {
    const back = () => {
      this.bar = null;
      this.host.uncover();
    };
    this.bar = new RecordBar(recording, {
      done: (media) => {
        back();
        this.deliver(media);
      },
      cancelled: back,
      tooShort: () => {
        back();
        this.actions.toast("Too short to hear. Hold the microphone, or tap it and speak.");
      },
    });
    this.host.cover(this.bar.node);
    if (this.bar.preview) this.actions.overlay(this.bar.preview);
    if (down) this.bar.hold(down);
    else this.bar.lock();
  }

  async offerInstead(kind, reason) {
    const choice = await instead(kind, reason);
    if (choice === "file") this.pickFile(kind === "voice" ? "audio/*,.oga,.opus" : "video/*", kind);
    if (choice === "type") this.host.type();
  }
}
