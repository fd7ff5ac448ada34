// Charts in SVG, drawn anew when their place changes its width, so that text keeps its size.

const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

/** A place that draws itself by draw(width). */
function chart(draw) {
  const holder = el('div', {class: 'chart'});
  let width = 0;
  const fit = () => {
    const now = Math.round(holder.clientWidth);
    if (now === width || now === 0) return;
    width = now;
    holder.replaceChildren(draw(width));
  };
  queueMicrotask(fit);  // once the script that makes it has put it into the page
  // Later in the next frame: what is drawn changes the layout that is being told of.
  new ResizeObserver(() => requestAnimationFrame(fit)).observe(holder);
  return holder;
}

/** Lowest and highest of the numbers in some lists, with some room; [0, 1] of none. */
function rangeOf(lists, room = 0) {
  let low = Infinity, high = -Infinity;
  for (const list of lists) {
    for (const x of list) {
      if (!isNumber(x)) continue;
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
  }
  if (low > high) return [0, 1];
  const reach = high > low ? high - low : Math.abs(high) || 1;
  const lowest = low - room * reach;  // but no share and no loss looks as if it were below zero
  return [low >= 0 ? Math.max(0, lowest) : lowest, high + (high > low ? room : Math.max(room, 0.1)) * reach];
}

function linearTicks([low, high], most) {
  const rough = (high - low) / most, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find(f => f * power >= rough * 0.999);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; ++i) ticks.push(i * step);
  return ticks;
}

/** Powers of ten; between few of them also their double and fivefold. */
function logTicks([low, high], most) {
  const first = Math.floor(Math.log10(low)), last = Math.ceil(Math.log10(high));
  const step = Math.max(1, Math.ceil((last - first) / most));
  const factors = high / low < 100 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let i = first; i <= last; i += step) ticks.push(...factors.map(f => f * 10 ** i));
  return ticks.filter(t => t >= low && t <= high);
}

/** From values to places between two pixels. */
function scale(range, from, to, log = false) {
  const f = log ? x => Math.log10(Math.max(x, range[0])) : x => x;
  const low = f(range[0]), reach = f(range[1]) - low || 1;
  return x => from + (f(x) - low) / reach * (to - from);
}

/**
 * An SVG with axes: {width, height, x: {range, label}, y: {range, label, log}, name}. Draw into
 * `plot` with the scales X and Y.
 */
function axes({width, height, x, y, name}) {
  const left = 52, right = 10, top = 8, bottom = x.label ? 38 : 22;
  const X = scale(x.range, left, width - right);
  const Y = scale(y.range, height - bottom, top, y.log);
  const root = svg('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': name});
  for (const t of linearTicks(x.range, clamp(width / 90, 2, 8))) {
    root.append(svg('line', {class: 'gridline', x1: X(t), x2: X(t), y1: top, y2: height - bottom}),
      svg('text', {x: X(t), y: height - bottom + 15, 'text-anchor': 'middle'}, short(t)));
  }
  const most = clamp(height / 45, 2, 6);
  for (const t of y.log ? logTicks(y.range, most) : linearTicks(y.range, most)) {
    root.append(svg('line', {class: 'gridline', x1: left, x2: width - right, y1: Y(t), y2: Y(t)}),
      svg('text', {x: left - 6, y: Y(t) + 4, 'text-anchor': 'end'}, short(t)));
  }
  if (x.label) {
    root.append(svg('text', {x: (left + width - right) / 2, y: height - 4, 'text-anchor': 'middle'}, x.label));
  }
  if (y.label) {
    const middle = (top + height - bottom) / 2;
    root.append(svg('text', {x: 11, y: middle, 'text-anchor': 'middle',
      transform: `rotate(-90 11 ${middle})`}, y.label));
  }
  const plot = svg('svg', {x: left, y: top, width: width - left - right, height: height - top - bottom,
    viewBox: `${left} ${top} ${width - left - right} ${height - top - bottom}`});
  root.append(plot, svg('rect', {class: 'frame', x: left, y: top, width: width - left - right,
    height: height - top - bottom}));
  return {root, plot, X, Y, box: {left, top, width: width - left - right, height: height - top - bottom}};
}

/** A path through the points whose values are numbers; a gap where one is none. */
function path(xs, ys, X, Y) {
  let d = '', open = false;
  xs.forEach((x, i) => {
    if (!isNumber(x) || !isNumber(ys[i])) {
      open = false;
      return;
    }
    d += `${open ? 'L' : 'M'}${X(x).toFixed(1)} ${Y(ys[i]).toFixed(1)}`;
    open = true;
  });
  return d;
}

/** The mean with what lies between low and high. */
function drawBand({plot, X, Y}, band, stroke) {
  const edge = path([...band.x, ...[...band.x].reverse()], [...band.low, ...[...band.high].reverse()], X, Y);
  if (band.x.length > 1) plot.append(svg('path', {class: 'between', d: `${edge}Z`, style: `fill:${stroke}`}));
  plot.append(svg('path', {class: 'mean', d: path(band.x, band.mean, X, Y), style: `stroke:${stroke}`}));
  if (band.x.length === 1) {
    plot.append(svg('circle', {cx: X(band.x[0]), cy: Y(band.mean[0]), r: 3, style: `fill:${stroke}`}));
  }
}
