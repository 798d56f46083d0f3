/* A consequential button asks first. Without JavaScript the form goes to the server, whose own page asks. */
customElements.define("tending-confirm", class extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    document.addEventListener("click", (event) => this.ask(event), true);
    this.dialog.addEventListener("close", () => this.answered());
  }

  ask(event) {
    const button = event.target.closest("button[data-confirm]");
    if (!button || button === this.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.button = button;
    this.dialog.returnValue = "";
    this.dialog.querySelector("[data-words]").textContent = button.dataset.confirm;
    this.dialog.querySelector("[data-yes]").textContent = button.textContent;
    this.dialog.showModal();
  }

  answered() {
    const button = this.button;
    button.focus();
    if (this.dialog.returnValue !== "yes") return;
    this.confirmed = button;
    if (button.form) this.mark(button.form);
    button.click();
    this.confirmed = null;
  }

  /* The server leaves out its confirmation page when the person has already confirmed here. */
  mark(form) {
    if (form.querySelector("input[name=confirmed]")) return;
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "confirmed", value: "yes" });
    form.append(field);
  }
});
