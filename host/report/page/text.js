// Elements and numbers as text. Whatever comes out of a run's files becomes text, never markup.

const report = JSON.parse(document.getElementById('data').textContent);
const groups = report.groups;

const place = id => document.getElementById(id);
const isNumber = x => typeof x === 'number' && Number.isFinite(x);

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/** A number with as many digits as tell something: 0.00123, 12.3, 1234. */
function digits(x, count = 3) {
  if (!isNumber(x)) return '–';
  if (x === 0) return '0';
  const size = Math.abs(x);
  if (size >= 1e6 || size < 1e-4) return x.toExponential(count - 1).replace('e+', 'e');
  return String(Number(x.toPrecision(size >= 1 ? Math.max(count, 1 + Math.floor(Math.log10(size))) : count)));
}

/** The same with k, M and G: 12.3k. */
function short(x) {
  if (!isNumber(x)) return '–';
  for (const [size, letter] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (Math.abs(x) >= size) return digits(x / size) + letter;
  }
  return digits(x);
}

const seconds = x => !isNumber(x) ? '–' : x < 120 ? `${digits(x)} s` : `${digits(x / 60)} min`;
const percent = x => isNumber(x) ? `${Math.round(100 * x)} %` : '–';

/** Any value of a configuration. */
function plain(x) {
  if (x === null || x === undefined) return '–';
  if (typeof x === 'string') return x;
  return typeof x === 'number' ? String(x) : JSON.stringify(x);
}

function table(head, rows) {
  const cells = (tag, row) => el('tr', {}, ...row.map(
    c => c instanceof Element && (c.tagName === 'TD' || c.tagName === 'TH') ? c : el(tag, {}, c)));
  return el('div', {class: 'scroll'},
    el('table', {}, el('thead', {}, cells('th', head)),
      el('tbody', {}, ...rows.map(row => cells('td', row)))));
}

// Groups by their place in the report: their colour is the same everywhere.
const colour = group => `var(--c${groups.indexOf(group) % 8})`;
const swatch = group => el('span', {class: 'swatch', style: `background:${colour(group)}`});
const nameOf = group => group.name || 'all runs';
const label = group => el('span', {class: 'label'}, swatch(group), nameOf(group));
const environments = [...new Set(groups.map(g => g.env))];
const groupsOf = env => groups.filter(g => g.env === env);

function legend(shown) {
  return shown.length < 2 ? '' : el('div', {class: 'legend'}, ...shown.map(label));
}
