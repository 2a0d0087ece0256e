// The rehearsal phone: a page that shows what Telegram would show, for everybody in the sandbox's world.
//
// Tests find their way by data-testid:
//   phone-<id>       one person's phone, awake or asleep; scope the ones below to it when two are awake
//   person-<id>      shows and selects that person; wake-<id> does so from a sleeping phone
//   add-person       opens the dialog with new-name, new-language, new-add
//   start            the big button of an empty chat; unblock: the one of a blocked bot
//   composer, send   the text field and its button (Enter sends too)
//   commands         opens command-list, whose items are command-<name>
//   message          a message; data-message-id is Telegram's message_id
//   button           an inline button, found by its label; aria-busy while the bot has not answered
//   reply-button     a button of the bot's own keyboard; reply-bar: the reply in hand
//   toast            what a button answered, also inside alert (closed by alert-ok)
//   attach           opens attach-any, attach-audio, attach-round; attach-input is the file input itself
//   send-as          asks as-voice, as-round, as-video or as-file; not-sent offers send-again
//   mic              tap or hold; then rec-time, rec-send, rec-cancel
//   no-recording     offers instead-file and instead-type
//   more             opens menu-clear, menu-block, menu-unblock, menu-connect, menu-sleep
//   menu-reply, menu-copy  of a message (right click, or Enter on it)
//   clock-now, clock-wait, clock-skip-hour, clock-next   the clock bar
//   banner, lock-card      notifications; status: "bot", "typing…", "reconnecting…"
//   open-link        asks open-for-<id> or open-copy for a link to the bot itself
//   connect          opens connect-dialog; sound: mutes; strip-close hides the strip

import * as api from "./api.js";
import { isMuted, mute } from "./audio.js";
import { ClockBar } from "./clock.js";
import { Desk } from "./desk.js";
import { howToConnect } from "./dialogs.js";

const STRIP_KEY = "phone-strip";
const RETRY_MS = 1_500;
const part = (id) => document.getElementById(id);

function soundSwitch(control) {
  const draw = () => {
    control.setAttribute("aria-pressed", String(!isMuted()));
    control.title = isMuted() ? "Sound is off" : "Sound is on";
  };
  control.addEventListener("click", () => {
    mute(!isMuted());
    draw();
  });
  draw();
}

function strip() {
  const hide = () => (part("strip").hidden = true);
  if (sessionStorage.getItem(STRIP_KEY)) hide();
  part("strip-close").addEventListener("click", () => {
    sessionStorage.setItem(STRIP_KEY, "closed");
    hide();
  });
  part("connect").addEventListener("click", howToConnect);
}

/** Asks until the sandbox answers: the page may be open before it is. */
async function meetEverybody(desk) {
  try {
    desk.welcome(await api.people());
    part("waiting").remove();
  } catch (error) {
    part("waiting").textContent = `${error.message} Trying again…`;
    setTimeout(() => meetEverybody(desk), RETRY_MS);
  }
}

/** People added from elsewhere, as by a script, appear when somebody comes back to the page. */
async function meetNewcomers(desk) {
  const everybody = await api.people().catch(() => []); // the phones themselves say when it is away
  desk.welcome(everybody);
}

const clock = new ClockBar(part("clock"), (text) => desk.complain(text));
const desk = new Desk({
  stage: part("stage"),
  tabs: part("people"),
  banner: part("banner"),
  clock,
});

strip();
soundSwitch(part("sound"));
meetEverybody(desk);
clock.refresh();
addEventListener("focus", () => meetNewcomers(desk));
