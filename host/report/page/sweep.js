// Where the trials of a sweep led: parallel coordinates, and the front of time against return.

const sweeps = report.sweeps || [];
const groupOfTrial = trial => groups.find(g => g.runs.some(r => r.path === trial.path));
const strokeOf = trial => groupOfTrial(trial) ? colour(groupOfTrial(trial)) : 'var(--faint)';
const described = (sweep, t) => [t.run, ...sweep.parameters.map(p => `${p.name} ${digits(t[p.name])}`),
  `return ${digits(t.return_iqm)} ${interval([t.return_iqm_low, t.return_iqm_high], digits)}`,
  `${t.solved} of ${t.agents} solved`, `${short(t.updates)} gradient steps`].join(', ');

/** Parameters that span more than a decade are drawn by ratios. */
function coordinate(name, label, trials) {
  const values = trials.map(t => t[name]).filter(isNumber);
  const range = rangeOf([values]), log = range[0] > 0 && range[1] / range[0] > 10;
  return {name, label, range, log};
}

function parallelChart(sweep) {
  const coordinates = [...sweep.parameters.map(p => coordinate(p.name, p.name, sweep.trials)),
    {...coordinate('updates', 'gradient steps', sweep.trials), log: false},
    {...coordinate('return_iqm', 'return', sweep.trials), log: false}];
  return chart(width => {
    const height = 300, top = 30, bottom = height - 12, left = 40, right = width - 70;
    const root = svg('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'Parallel coordinates'});
    const X = i => left + (right - left) * i / (coordinates.length - 1);
    const Y = coordinates.map(c => scale(c.range, bottom, top, c.log));
    for (const t of [...sweep.trials].reverse()) {  // the best on top
      const d = path(coordinates.map((_, i) => i), coordinates.map(c => t[c.name]), X,
        (() => { let i = 0; return value => Y[i++](value); })());
      root.append(svg('path', {class: groupOfTrial(t) ? 'trial best' : 'trial', d, style: `stroke:${strokeOf(t)}`},
        svg('title', {}, described(sweep, t))));
    }
    coordinates.forEach((c, i) => {
      root.append(svg('line', {class: 'coordinate', x1: X(i), x2: X(i), y1: top, y2: bottom}),
        svg('text', {x: X(i), y: 14, 'text-anchor': 'middle'}, c.label));
      for (const t of c.log ? logTicks(c.range, 5) : linearTicks(c.range, 5)) {
        root.append(svg('text', {x: X(i) + 5, y: Y[i](t) + 4}, short(t)));
      }
    });
    return root;
  });
}

/** Of trials no other of which has both fewer gradient steps and a higher return. */
function frontOf(trials) {
  const front = [];
  for (const t of [...trials].sort((a, b) => a.updates - b.updates || b.return_iqm - a.return_iqm)) {
    if (front.length === 0 || t.return_iqm > front[front.length - 1].return_iqm) front.push(t);
  }
  return front;
}

function frontChart(sweep) {
  const trials = sweep.trials.filter(t => isNumber(t.return_iqm) && isNumber(t.updates));
  const front = frontOf(trials);
  return chart(width => {
    const frame = axes({width, height: clamp(width * 0.45, 220, 360), name: 'Return over gradient steps, by trial',
      x: {range: rangeOf([[0], trials.map(t => t.updates)], 0.03), label: 'gradient steps, until solved or ended'},
      y: {range: rangeOf([trials.flatMap(t => [t.return_iqm_low, t.return_iqm_high])], 0.05),
        label: 'interquartile mean return'}});
    const {plot, X, Y, box} = frame;
    let d = '';
    front.forEach((t, i) => {
      d += i === 0 ? `M${X(t.updates)} ${Y(t.return_iqm)}` : `H${X(t.updates)}V${Y(t.return_iqm)}`;
    });
    if (front.length > 0) plot.append(svg('path', {class: 'front', d: `${d}H${box.left + box.width}`}));
    for (const t of [...trials].reverse()) {
      plot.append(svg('line', {class: 'reach', x1: X(t.updates), x2: X(t.updates), y1: Y(t.return_iqm_low),
        y2: Y(t.return_iqm_high), style: `stroke:${strokeOf(t)}`}),
      svg('circle', {class: 'confirmed', cx: X(t.updates), cy: Y(t.return_iqm), r: 4, style: `fill:${strokeOf(t)}`},
        svg('title', {}, described(sweep, t))));
    }
    return frame.root;
  });
}

function showSweeps() {
  if (sweeps.length === 0) return place('sweeps').parentElement.remove();
  for (const sweep of sweeps) {
    const count = sweep.trials_in_all, shown = sweep.trials.filter(groupOfTrial);
    place('sweeps').append(el('h3', {}, `${sweep.path}: ${sweep.env}, ${count} trials of ${sweep.seeds} agents`),
      el('figure', {}, el('figcaption', {}, 'Hyperparameters, time and return'), parallelChart(sweep)),
      el('figure', {}, el('figcaption', {}, 'Time against return'), frontChart(sweep)),
      table(['rank', 'run', ...sweep.parameters.map(p => p.name), 'solved', 'interquartile mean return', 'gradient steps'],
        shown.map(t => [plain(t.rank), el('span', {class: 'label'}, swatch(groupOfTrial(t)), t.run),
          ...sweep.parameters.map(p => digits(t[p.name])), `${t.solved} of ${t.agents}`,
          el('td', {}, digits(t.return_iqm), ' ',
            el('small', {}, interval([t.return_iqm_low, t.return_iqm_high], digits))), short(t.updates)])));
  }
  place('sweeps').append(el('p', {class: 'note'}, 'A line, or a dot with its 95 % interval, is a trial: the interquartile mean of ' +
    'its agents’ best returns. In colour: the best trials, which the rest of the page shows. The step line is the front: no ' +
    'trial has a higher return in fewer gradient steps.'));
}

showSweeps();
