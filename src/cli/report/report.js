// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
(function () {
  const table = document.getElementById('verdicts');
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const heads = Array.from(table.tHead.rows[0].cells);
  const words = document.getElementById('words');
  const kind = document.getElementById('kind');
  const shown = document.getElementById('shown');
  document.documentElement.classList.add('js');

  // A number, or text in small letters; an empty number is NaN and goes last whichever way.
  function valueOf(row, column) {
    const cell = row.cells[column];
    if (!cell.hasAttribute('data-v')) return cell.textContent.trim().toLowerCase();
    const text = cell.getAttribute('data-v');
    return text === '' ? NaN : Number(text);
  }

  function sort(column, sign) {
    rows.sort(function (a, b) {
      const x = valueOf(a, column);
      const y = valueOf(b, column);
      if (x !== x || y !== y) return (x !== x ? 1 : 0) - (y !== y ? 1 : 0);
      return x < y ? -sign : x > y ? sign : 0;
    });
    rows.forEach(function (row) { body.appendChild(row); });
  }

  heads.forEach(function (head, column) {
    head.setAttribute('aria-sort', 'none');
    head.firstElementChild.addEventListener('click', function () {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      heads.forEach(function (other) { other.setAttribute('aria-sort', 'none'); });
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      sort(column, up ? 1 : -1);
    });
  });

  function filter() {
    const wanted = words.value.trim().toLowerCase();
    let count = 0;
    rows.forEach(function (row) {
      const card = document.getElementById(row.getAttribute('data-card'));
      const fits = (kind.value === '' || row.getAttribute('data-kind') === kind.value) &&
        (wanted === '' || card.textContent.toLowerCase().indexOf(wanted) >= 0);
      row.hidden = !fits;
      card.hidden = !fits;
      count += fits ? 1 : 0;
    });
    shown.textContent = count + ' of ' + rows.length + ' shown';
  }
  words.addEventListener('input', filter);
  kind.addEventListener('change', filter);
  words.form.addEventListener('submit', function (event) { event.preventDefault(); });
  filter();

  // On paper nothing is folded away.
  let folded = [];
  window.addEventListener('beforeprint', function () {
    folded = Array.from(document.querySelectorAll('details:not([open])'));
    folded.forEach(function (details) { details.open = true; });
  });
  window.addEventListener('afterprint', function () {
    folded.forEach(function (details) { details.open = false; });
  });
})();
