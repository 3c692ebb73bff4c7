// A form is sent once: a second click on its button does nothing while the first is on its way.
document.addEventListener("submit", function (event) {
  var form = event.target;
  if (form.method !== "post") { return; }
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  form.querySelectorAll("button").forEach(function (button) { button.classList.add("disabled"); });
});
// A page that is shown again from the browser's memory can be sent again.
window.addEventListener("pageshow", function () {
  document.querySelectorAll("form[data-sent]").forEach(function (form) {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach(function (button) { button.classList.remove("disabled"); });
  });
});
