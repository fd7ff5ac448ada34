// What training was like: results, curves, health, throughput, configurations.

const axisNames = {updates: 'gradient steps', train_seconds: 'seconds of training', env_steps: 'environment steps'};

function interval(pair, show) {
  return Array.isArray(pair) && pair.every(isNumber) ? `(${show(pair[0])} to ${show(pair[1])})` : '';
}

function heading(env) {
  return environments.length > 1 ? [el('h3', {}, env)] : [];
}

function showResults() {
  const agents = groups.reduce((n, g) => n + g.agents.length, 0);
  const runs = groups.reduce((n, g) => n + g.runs.length, 0);
  place('subtitle').append(`${environments.join(', ')} · ${runs} run${runs === 1 ? '' : 's'}, ` +
    `${agents} agent${agents === 1 ? '' : 's'} · sac_cuda ${report.version}`);
  const withInterval = (text, pair, show) => el('td', {}, text, ' ', el('small', {}, interval(pair, show)));
  const chance = x => x.toFixed(2);
  for (const env of environments) {
    const several = groupsOf(env).length > 1;
    place('results').append(...heading(env), table(
      ['', 'solved', 'interquartile mean return', 'median to solve', ...(several ? ['better than the first'] : [])],
      groupsOf(env).map(g => {
        const r = g.result, better = g.improvement;
        return [label(g),
          withInterval(`${r.solved} of ${r.agents}`, r.solved_share_interval, percent),
          withInterval(digits(r.return_iqm), r.agents > 1 ? r.return_iqm_interval : null, digits),
          el('td', {}, seconds(r.median_seconds_to_solve), ' ', el('small', {},
            isNumber(r.median_updates_to_solve) ? `(${short(r.median_updates_to_solve)} updates)` : '')),
          ...(!several ? [] : [better && isNumber(better.value)
            ? withInterval(chance(better.value), better.interval, chance) : '–'])];
      })));
  }
  place('results').append(el('p', {class: 'note'}, 'Intervals are 95 %: Wilson’s of shares, 10,000 bootstrap resamples of all else. ' +
    'Better than the first: the chance that one of these agents returns more than one of the first group’s.'));
}

function learningChart(env, axis) {
  return chart(width => {
    const shown = groupsOf(env), bands = shown.map(g => g.returns[axis]);
    const lists = [...bands.flatMap(b => [b.low, b.high]), ...shown.map(g => [g.target]),
      ...shown.flatMap(g => g.agents.flatMap(a => [a.return, a.confirmed.return]))];
    const frame = axes({width, height: clamp(width * 0.5, 220, 420), name: `Return over ${axisNames[axis]}, ${env}`,
      x: {range: rangeOf([[0], ...shown.flatMap(g => g.agents.map(a => a[axis]))]), label: axisNames[axis]},
      y: {range: rangeOf(lists, 0.05), label: 'mean return of an evaluation'}});
    const {plot, X, Y, box} = frame;
    for (const target of new Set(shown.map(g => g.target).filter(isNumber))) {
      plot.append(svg('line', {class: 'threshold', x1: box.left, x2: box.left + box.width, y1: Y(target), y2: Y(target)}));
    }
    for (const g of shown) {
      if (g.agents.length < 2) continue;
      for (const a of g.agents) {
        plot.append(svg('path', {class: 'agent', d: path(a[axis], a.return, X, Y), style: `stroke:${colour(g)}`}));
      }
    }
    shown.forEach((g, i) => drawBand(frame, bands[i], colour(g)));
    for (const g of shown) {
      for (const a of g.agents) {
        a.confirmed.return.forEach((y, i) => isNumber(y) && plot.append(svg('circle',
          {class: 'confirmed', cx: X(a.confirmed[axis][i]), cy: Y(y), r: 4, style: `fill:${colour(g)}`})));
      }
    }
    return frame.root;
  });
}

function showCurves() {
  const draw = axis => place('curves').replaceChildren(...environments.flatMap(env =>
    [...heading(env), legend(groupsOf(env)), learningChart(env, axis)]),
    el('p', {class: 'note'}, 'Line and band: mean of a group’s agents and its 95 % interval; ' +
      'of a single agent, the evaluation’s mean and its 95 % interval. Thin: each agent. ' +
      'Dashed: the threshold. Dots: confirmations from fresh start states. ' +
      'An agent that has solved the task learns no more and keeps its return.'));
  Object.keys(axisNames).forEach((axis, i) => {
    const input = el('input', {type: 'radio', name: 'axis', value: axis, ...(i === 0 ? {checked: ''} : {})});
    input.addEventListener('change', () => draw(axis));
    place('axes').append(el('label', {}, input, ' ', axisNames[axis]));
  });
  draw('updates');
}

function solvingChart(env) {
  const times = g => g.runs.flatMap(r => r.agent_results.map(a => a.seconds_to_solve));
  const row = 44;
  return chart(width => {
    const shown = groupsOf(env);
    const frame = axes({width, height: row * shown.length + 46, name: `Time to solve, ${env}`,
      x: {range: [0, rangeOf([[0], ...shown.map(times)], 0.05)[1]], label: 'seconds of training'},
      y: {range: [0, 1]}});
    frame.root.querySelectorAll('text[text-anchor=end]').forEach(t => t.remove());
    frame.root.querySelectorAll(`line[x1="${frame.box.left}"]`).forEach(l => l.remove());
    const {plot, X, box} = frame;
    shown.forEach((g, i) => {
      const middle = box.top + row * (i + 0.5), solved = times(g).filter(isNumber);
      // Beside each other where they would lie on one another.
      solved.sort((a, b) => a - b).forEach((t, n) => plot.append(svg('circle',
        {cx: X(t), cy: middle + 6 * (n % 3 - 1), r: 4, style: `fill:${colour(g)};opacity:.7`},
        svg('title', {}, seconds(t)))));
      const median = g.result.median_seconds_to_solve;
      if (isNumber(median)) {
        plot.append(svg('line', {class: 'median', x1: X(median), x2: X(median), y1: middle - 15, y2: middle + 15,
          style: `stroke:${colour(g)}`}));
      }
      const never = times(g).length - solved.length;
      if (never > 0) {
        plot.append(svg('text', {x: box.left + box.width - 6, y: middle + 4, 'text-anchor': 'end'}, `${never} not solved`));
      }
    });
    return frame.root;
  });
}

function showSolving() {
  for (const env of environments) {
    place('solving').append(...heading(env), legend(groupsOf(env)), solvingChart(env));
  }
  place('solving').append(el('p', {class: 'note'}, 'A dot is an agent, the bar the median of all, where half of them solved the task.'));
}

function smallChart(env, column, title, log) {
  const shown = groupsOf(env).filter(g => g.health[column].x.length > 0);
  if (shown.length === 0) return '';
  return el('figure', {}, el('figcaption', {}, title), chart(width => {
    const bands = shown.map(g => g.health[column]);
    const lists = bands.flatMap(b => [b.low, b.high]);
    const positive = lists.flat().filter(v => v > 0);
    const logarithmic = log && positive.length > 0;
    const range = logarithmic ? rangeOf([positive]) : rangeOf(lists, 0.05);
    const frame = axes({width, height: 150, name: `${title}, ${env}`, x: {range: rangeOf([[0], ...bands.map(b => b.x)])},
      y: {range: logarithmic && range[0] <= 0 ? [range[1] / 10, range[1]] : range, log: logarithmic}});
    shown.forEach((g, i) => drawBand(frame, bands[i], colour(g)));
    return frame.root;
  }));
}

function showHealth() {
  const charts = [['entropy', 'Entropy of the policy'], ['saturated_actions', 'Saturated actions, share'],
    ['log_std_at_bounds', 'Log-stds at bounds, share'], ['q_mean', 'Q of actions taken'],
    ['q_gap_mean', 'Gap |Q1 − Q2|'], ['v_residual_mean', 'Residual of V'], ['loss_v', 'Loss of V (log)', true],
    ['loss_q1', 'Loss of Q1 (log)', true], ['loss_q2', 'Loss of Q2 (log)', true], ['loss_pi', 'Loss of the policy'],
    ['alpha', 'Temperature α (log)', true], ['loss_alpha', 'Loss of the temperature']];
  for (const env of environments) {
    place('health').append(...heading(env), legend(groupsOf(env)), el('div', {class: 'grid multiples'},
      ...charts.map(([column, title, log]) => smallChart(env, column, title, log))));
  }
}

function showRuns() {
  place('throughput').append(el('p', {class: 'note'}, 'Gradient steps per second and agent, over gradient steps.'),
    el('div', {class: 'grid multiples'}, ...environments.map(env => smallChart(env, 'updates_per_second', env, false))));
  const rows = groups.flatMap(g => g.runs.map(r => {
    const failures = r.agent_results.map(a => a.failure).filter(f => f).map(plain);
    return [el('td', {class: 'path'}, swatch(g), r.path), plain(r.seed), plain(r.agents),
      plain(r.device_description || r.device),
      short(r.updates_per_second), short(r.env_steps_per_second), short(r.updates), seconds(r.train_seconds),
      seconds(r.wall_seconds), el('td', failures.length > 0 ? {class: 'bad'} : {}, [plain(r.stop_reason), ...failures].join('; ')),
      plain(r.commit).slice(0, 10)];
  }));
  place('runs').append(el('div', {class: 'wide'}, table(['run', 'seed', 'agents', 'device', 'gradient steps/s', 'env steps/s', 'gradient steps',
    'training', 'in all', 'end', 'commit'], rows)));
}

/** {a: {b: 1}} as {'a.b': 1}. */
function flat(object, prefix = '') {
  return Object.entries(object).reduce((all, [key, value]) => Object.assign(all,
    value && typeof value === 'object' && !Array.isArray(value) ? flat(value, `${prefix}${key}.`)
      : {[prefix + key]: value}), {});
}

function showHyperparameters() {
  const configs = groups.map(g => flat(g.config));
  const keys = [...new Set(configs.flatMap(Object.keys))];
  const differs = key => new Set(configs.map(c => plain(c[key]))).size > 1;
  const rows = some => some.map(key => [el('th', {}, key), ...configs.map(c => plain(c[key]))]);
  const head = ['', ...groups.map(label)];
  const different = keys.filter(differs), same = keys.filter(k => !differs(k));
  if (different.length > 0) place('hyperparameters').append(table(head, rows(different)));
  const rest = el('details', groups.length === 1 ? {open: ''} : {},
    el('summary', {}, groups.length === 1 ? 'All values' : `${same.length} values are the same`),
    table(['', ''], same.map(key => [el('th', {}, key), plain(configs[0][key])])));
  place('hyperparameters').append(rest, el('p', {class: 'note'}, 'Of each group’s first run.'));
  addEventListener('beforeprint', () => rest.open = true);
}

showResults();
showCurves();
showSolving();
showHealth();
showRuns();
showHyperparameters();
