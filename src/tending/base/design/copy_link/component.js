/* Copies the address; without JavaScript the address stands in a field to be selected by hand. */
customElements.define("tending-copy", class extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const field = this.querySelector("input");
    field.addEventListener("focus", () => field.select());
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      this.querySelector("[role=status]").textContent = button.dataset.done;
    });
  }
});
