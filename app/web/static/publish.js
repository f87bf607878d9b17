// While a PDF is set: say so at once, keep a second press from doing it twice, and look again until it is there.

/** A line with a moving bar, read out by screen readers. */
function say(beside, words) {
  const line = document.createElement("p");
  line.className = "working";
  line.setAttribute("role", "status");
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", "Setting the PDF");
  const said = document.createElement("span");
  line.append(bar, said);
  beside.after(line);
  // Words that come after the line is there are read out.
  requestAnimationFrame(() => (said.textContent = words));
  return { line, said };
}

for (const form of document.querySelectorAll("form[data-slow]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    form.querySelector("button[type=submit]").setAttribute("aria-disabled", "true");
    const { said } = say(form, form.dataset.slow);
    const since = Date.now();
    setInterval(() => {
      const seconds = Math.round((Date.now() - since) / 1000);
      said.textContent = `${form.dataset.slow} ${seconds} seconds so far.`;
    }, 5000);
  });
  // Whoever comes back by the browser's own way finds a form that can be sent.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

for (const link of document.querySelectorAll("a[data-slow]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (link.dataset.asked) {
      event.preventDefault();
      return;
    }
    link.dataset.asked = "yes";
    const { line } = say(link.closest("p"), link.dataset.slow);
    const over = () => {
      line.remove();
      delete link.dataset.asked;
    };
    addEventListener("pagehide", over, { once: true });
    // A browser that keeps files instead of showing them stays on this page.
    setTimeout(over, 60_000);
  });
}

const making = document.querySelector("[data-making]");
if (making) {
  const counter = making.querySelector("[data-seconds]");
  const since = Date.now() - 1000 * Number(counter.dataset.seconds);
  const look = async () => {
    counter.textContent = `${Math.round((Date.now() - since) / 1000)} seconds`;
    try {
      const answer = await fetch(making.dataset.making, { credentials: "same-origin" });
      if (answer.ok && !(await answer.text()).includes("data-making=")) {
        location.replace(`${making.dataset.making}&over=${Date.now()}#page.done`);
        return;
      }
    } catch {
      // The network comes and goes; the next look tells.
    }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
}
