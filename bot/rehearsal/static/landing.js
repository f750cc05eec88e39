// The landing page: shows the rehearsal's clock, opens people's places, presses its buttons.
"use strict";

const KEY_KEPT_AS = "handrail-rehearsal-key";
const ASK_EVERY_MS = 1000;
const TICK_MS = 250;
const DAY = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC", weekday: "long", day: "numeric", month: "long", year: "numeric",
});
const TIME = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC", hour: "2-digit", minute: "2-digit", second: "2-digit",
});

const at = (id) => document.getElementById(id);
const buttons = [...document.querySelectorAll("button[data-action]"), at("start-over")];

// Tabs of people link back to this one by its name.
window.name = "handrail-rehearsal";
const key = readKey();
let pressed = false;
let clock = null;

function readKey() {
  const given = window.location.hash.slice(1);
  // A skip link changes the part behind the #; only a key is as long as this.
  if (given.length > 20) window.localStorage.setItem(KEY_KEPT_AS, given);
  return given.length > 20 ? given : window.localStorage.getItem(KEY_KEPT_AS) || "";
}

function ask(path, method) {
  return fetch(path, { method, headers: { "X-Rehearsal-Key": key }, cache: "no-store" });
}

function say(line, { wrong = false } = {}) {
  at("said").textContent = line;
  at("said").classList.toggle("wrong", wrong);
}

function showTime() {
  if (!clock) return;
  const now = new Date(clock.shows + (performance.now() - clock.readAt));
  at("time").textContent = TIME.format(now);
  at("time").dateTime = now.toISOString();
  at("date").textContent = DAY.format(now);
}

function showWork(work) {
  const isBusy = pressed || work !== null;
  for (const button of buttons) button.disabled = isBusy;
  at("work").hidden = !work;
  if (!work) return;
  at("work-label").textContent = work.label;
  if (work.done === null) at("progress").removeAttribute("value");
  else at("progress").value = work.done;
}

function showWorld(world) {
  clock = { shows: Date.parse(world.now), readAt: performance.now() };
  showTime();
  for (const link of document.querySelectorAll("a[data-place]")) {
    link.href = world.urls[link.dataset.place];
  }
  at("dms").textContent = world.cleo_takes_dms ? "Cleo closes her DMs" : "Cleo opens her DMs";
  at("dms").dataset.action = world.cleo_takes_dms ? "close-dms" : "open-dms";
  at("errors").hidden = world.errors === 0;
  at("errors").textContent = world.errors === 1
    ? "The bot had an error. The terminal shows it."
    : `The bot had ${world.errors} errors. The terminal shows them.`;
}

async function refresh() {
  let response;
  try {
    response = await ask("api/state", "GET");
  } catch {
    gone("The rehearsal has ended. Start it again with: make rehearse");
    return;
  }
  if (response.status === 403) {
    gone("This page lacks its key. Open the address that the terminal shows.");
    return;
  }
  if (!response.ok) return;
  const { work, world } = await response.json();
  if (at("said").dataset.gone) {
    say("");
    delete at("said").dataset.gone;
  }
  if (world) showWorld(world);
  else clock = null;
  showWork(work);
}

function gone(line) {
  clock = null;
  for (const button of buttons) button.disabled = true;
  at("work").hidden = true;
  if (at("said").textContent !== line) say(line, { wrong: true });
  at("said").dataset.gone = "yes";
}

async function press(action, from) {
  pressed = true;
  say("");
  showWork(null);
  setTimeout(refresh, TICK_MS);
  try {
    const response = await ask(`api/actions/${action}`, "POST");
    const { said } = await response.json();
    say(said, { wrong: !response.ok });
  } catch {
    say("That did not reach the rehearsal. Is it still running?", { wrong: true });
  }
  pressed = false;
  await refresh();
  // A disabled button loses the keyboard's place: give it back.
  if (document.activeElement === document.body) from.focus({ preventScroll: true });
}

for (const button of document.querySelectorAll("button[data-action]")) {
  button.addEventListener("click", () => press(button.dataset.action, button));
}
at("start-over").addEventListener("click", () => at("sure").showModal());
at("sure").addEventListener("close", () => {
  if (at("sure").returnValue === "yes") press("start-over", at("start-over"));
  at("sure").returnValue = "";
});
setInterval(showTime, TICK_MS);
async function keepAsking() {
  await refresh();
  setTimeout(keepAsking, ASK_EVERY_MS);
}
keepAsking();
