/** Shows the confirmation as a modal dialog, and the fields of an own dose only when they are asked for. */
const dialog = document.getElementById("confirm");
if (dialog) {
  dialog.close();
  dialog.showModal();
  document.getElementById("back").focus();
}

const form = document.getElementById("decision");
if (form) {
  const ownDose = document.getElementById("own-dose");
  const update = () => {
    ownDose.hidden = form.elements.decision.value !== "change";
  };
  form.addEventListener("change", update);
  update();
}
