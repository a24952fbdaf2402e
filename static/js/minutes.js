// Keys for who writes the minutes while the meeting goes on: written down, and on to the next partner.

document.addEventListener("keydown", (event) => {
  if (!event.ctrlKey || event.shiftKey || event.altKey || event.repeat || event.isComposing) return;
  if (event.key === "Enter") {
    const form = event.target.closest(".meeting-minutes");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const way = document.querySelector(event.key === "ArrowDown" ? "a[rel=next]" : "a[rel=prev]");
    if (!way) return;
    event.preventDefault();
    way.click();
  }
});
