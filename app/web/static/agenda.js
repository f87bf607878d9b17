// A button that prints the agenda, for those who do not look for it in a menu.
const place = document.getElementById("page.print");
const button = document.createElement("button");
button.type = "button";
button.className = "btn btn-line";
button.textContent = "Print the agenda";
button.addEventListener("click", () => print());
place.replaceChildren(button);
