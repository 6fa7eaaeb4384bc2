// Every page works without this script; it only adds comfort.

// Copy buttons: shown here because nothing would happen without a script.
for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.innerHTML;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const input = document.getElementById(button.dataset.copy);
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      document.execCommand("copy"); // plain http gives no clipboard
    }
    button.textContent = "Copied";
    setTimeout(() => (button.innerHTML = label), 2000);
  });
}

// Moments in the reader's own time zone and manner.
const format = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "short",
});
for (const time of document.querySelectorAll("time[datetime]")) {
  time.title = time.textContent;
  time.textContent = format.format(new Date(time.dateTime));
}

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
