// Every page works without this script; it only adds comfort.

// Plain http gives no clipboard, but a copy event.  The focus stays on the button.
function copyByEvent(text) {
  const fill = (event) => {
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", fill);
  const isCopied = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  return isCopied;
}

// Copy buttons: shown here because nothing would happen without a script.
for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.innerHTML;
  const status = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const input = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      if (!copyByEvent(input.value)) return input.select();
    }
    button.textContent = status.textContent = button.dataset.done;
    if (button.dataset.copied) {
      const token = document.querySelector("[name=csrf_token]").value;
      const options = { method: "POST", keepalive: true, headers: { "X-CSRFToken": token } };
      fetch(button.dataset.copied, options).catch(() => {}); // only ticks a step off
    }
    setTimeout(() => {
      button.innerHTML = label;
      status.textContent = "";
    }, 2000);
  });
}

// Nothing would happen without a script here either.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Moments in the reader's own time zone and manner.
function showTimes(part) {
  for (const time of part.querySelectorAll("time[datetime]")) {
    time.title = time.textContent;
    const shown = "day" in time.dataset ? dayFormat : format;
    time.textContent = shown.format(new Date(time.dateTime));
  }
}
// The manner of the browser where it has the language of the page, such as en-GB.
const own = document.documentElement.lang;
const locale = navigator.languages.find((each) => each.split("-")[0] === own) ?? own;
const format = new Intl.DateTimeFormat(locale, {
  dateStyle: "medium",
  timeStyle: "short",
});
const dayFormat = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
showTimes(document);

// What changes while it is watched is fetched again.
const watched = document.querySelector("[data-refresh]");
if (watched) {
  setInterval(async () => {
    const answer = document.hidden ? null : await fetch(watched.dataset.refresh).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    showTimes(part);
    watched.replaceChildren(...part.querySelector("[data-refresh]").childNodes);
  }, 15000);
}

// Long work goes on without a press of the button.
document.querySelector("[data-go-on]")?.requestSubmit();

// On a narrow screen the menu starts closed.
const menu = document.querySelector("details.menu");
if (menu && matchMedia("(max-width: 55.99rem)").matches) menu.open = false;

// The account menu closes like any other: Escape, or a click elsewhere.
const me = document.querySelector("details.me");
addEventListener("click", (event) => {
  if (me && !me.contains(event.target)) me.open = false;
});
addEventListener("keydown", (event) => {
  if (me?.open && event.key === "Escape") {
    me.open = false;
    me.querySelector("summary").focus();
  }
});
