// Passkeys: asks the browser to make one or to use one, and sends what it answers with the form that stands there.

const told = (octets) => {
  let letters = "";
  for (const octet of new Uint8Array(octets)) letters += String.fromCharCode(octet);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};

const read = (words) => {
  const letters = atob(words.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
};

/** The options of the server, with octets where the browser wants octets. */
function asked(options) {
  const known = (one) => ({ ...one, id: read(one.id) });
  return {
    ...options,
    challenge: read(options.challenge),
    ...(options.user && { user: { ...options.user, id: read(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: options.excludeCredentials.map(known) }),
    ...(options.allowCredentials && { allowCredentials: options.allowCredentials.map(known) }),
  };
}

/** What the browser answers, in letters. */
function answered(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const said = parts.filter((part) => response[part]).map((part) => [part, told(response[part])]);
  return JSON.stringify({
    id: credential.id,
    rawId: told(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: Object.fromEntries(said),
  });
}

async function fill(form, said) {
  const csrf = form.elements.csrf.value;
  const answer = await fetch(form.dataset.options, { method: "POST", body: new URLSearchParams({ csrf }) });
  if (!answer.ok) throw new Error(answer.status === 429 ? "soon" : "options");
  const publicKey = asked(await answer.json());
  said.textContent = "Now your device asks you.";
  const credential = form.dataset.passkey === "add"
    ? await navigator.credentials.create({ publicKey })
    : await navigator.credentials.get({ publicKey });
  form.elements.credential.value = answered(credential);
}

const WORDS = {
  NotAllowedError: "Nothing was done: you stopped it, your device has no passkey for this site, or it took too long.",
  InvalidStateError: "This device has a passkey for you already.",
  SecurityError: "Passkeys do not work at this address of the site.",
  soon: "Too many people begin to sign in from where you are. Wait some minutes.",
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  const said = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  form.hidden = false;
  for (const without of document.querySelectorAll("[data-without-passkey]")) without.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    try {
      await fill(form, said);
      HTMLFormElement.prototype.submit.call(form);
    } catch (error) {
      said.textContent = WORDS[error.name] ?? WORDS[error.message] ?? "That did not work. Load the page again and try once more.";
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
}
