"use strict";
// Sorts and filters the table of everybody; without it the table is there all the same.
(function () {
  const table = document.getElementById("students");
  const form = document.getElementById("filter");
  if (!table || !form) return;
  const body = table.tBodies[0];
  const heads = Array.from(table.tHead.rows[0].cells);
  const collator = new Intl.Collator("en", { numeric: true });
  const rows = Array.from(body.rows, (row) => {
    const texts = Array.from(row.cells, (cell) => cell.textContent.trim());
    return { row, texts, numbers: texts.map((text) => (text === "" ? NaN : Number(text))) };
  });

  function sort(column, down) {
    const numeric = rows.some((one) => !Number.isNaN(one.numbers[column])) && column > 1;
    rows.sort((a, b) => {
      let order;
      if (numeric) {
        const x = a.numbers[column], y = b.numbers[column];
        if (Number.isNaN(x) || Number.isNaN(y)) order = (Number.isNaN(x) - Number.isNaN(y)) * (down ? -1 : 1);
        else order = x - y;
      } else {
        order = collator.compare(a.texts[column], b.texts[column]);
      }
      return (down ? -order : order) || collator.compare(a.texts[0], b.texts[0]);
    });
    const all = document.createDocumentFragment();
    for (const one of rows) all.append(one.row);
    body.append(all);
    heads.forEach((head, place) => {
      if (place === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  }

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      sort(column, now ? now === "ascending" : column > 1);
    });
    head.replaceChildren(button);
  });

  const state = form.elements.state;
  for (const name of new Set(rows.map((one) => one.texts[1]))) state.add(new Option(name, name));

  function filter() {
    const name = form.elements.name.value.trim().toLowerCase();
    const least = form.elements.from.value === "" ? -Infinity : Number(form.elements.from.value);
    const most = form.elements.to.value === "" ? Infinity : Number(form.elements.to.value);
    let shown = 0;
    for (const one of rows) {
      const points = one.numbers[2];
      const fits = one.texts[0].toLowerCase().includes(name) && (!state.value || one.texts[1] === state.value)
        && points >= least && points <= most;
      one.row.hidden = !fits;
      shown += fits;
    }
    form.querySelector("output").textContent = shown + " of " + rows.length;
  }

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  form.hidden = false;
  heads[0].setAttribute("aria-sort", "ascending");
  filter();
})();
