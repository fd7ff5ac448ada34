// The policy at work: the pendulum, its path in the phase plane, and maps of V and of the action.

const turn = 2 * Math.PI;
const wrapped = angle => angle - turn * Math.round(angle / turn);

/** The pendulum of one group: `show(state)` draws it. A second pole stands on the first. */
function stage(policy, cart, double) {
  const length = cart ? 0.6 : 1, [width, height] = cart ? [2.8, double ? 2.8 : 1.7] : [2.6, 2.6], bar = -0.44 * height;
  const poles = Array.from({length: double ? 2 : 1}, () => ({
    pole: svg('line', {class: 'pole', 'stroke-width': cart ? 0.07 : 0.16}),
    joint: svg('circle', {class: 'joint', r: cart ? 0.02 : 0.05})}));
  const body = svg('rect', {class: 'cart', width: 0.34, height: 0.14, rx: 0.05, y: -0.07});
  const push = svg('line', {class: 'push', y1: bar, y2: bar, x1: 0});
  const root = svg('svg', {class: 'stage', viewBox: `${-width / 2} ${-height / 2} ${width} ${height}`,
    role: 'img', 'aria-label': 'The pendulum; the green bar is the action'},
  // Heights are upwards.
  svg('g', {transform: 'scale(1 -1)'},
    ...(cart ? [svg('line', {class: 'rail', x1: -1.1, x2: 1.1, y1: 0, y2: 0}), body] : []),
    svg('line', {class: 'push-range', x1: -0.3 * width, x2: 0.3 * width, y1: bar, y2: bar}), push,
    ...poles.flatMap(({pole, joint}) => [pole, joint])));
  return {root, show(state) {
    const x = cart ? state.x : 0, bends = [state.theta, state.theta2].map(bend => policy.rightwards * bend);
    const set = (node, attributes) => filled(node, attributes, []);
    set(body, {x: x - 0.17});
    let hinge = [x, 0], angle = 0;
    poles.forEach(({pole, joint}, i) => {
      angle += bends[i];
      const end = [hinge[0] + length * Math.sin(angle), hinge[1] + length * Math.cos(angle)];
      set(joint, {cx: hinge[0], cy: hinge[1]});
      set(pole, {x1: hinge[0], y1: hinge[1], x2: end[0], y2: end[1]});
      hinge = end;
    });
    set(push, {x2: 0.3 * width * policy.rightwards * clamp(state.action, -1, 1)});
  }};
}

/** Between two frames; the action and the reward are those of the later one. */
function stateAt(episode, at) {
  const i = Math.min(Math.floor(at), episode.theta.length - 1), j = Math.min(i + 1, episode.theta.length - 1);
  const between = list => list[i] + (at - i) * (list[j] - list[i]);
  const orZero = list => list.length > 0 ? between(list) : 0;
  return {x: orZero(episode.x), theta: between(episode.theta), theta2: orZero(episode.theta2),
    theta_dot: between(episode.theta_dot), action: episode.action[Math.ceil(at - 1e-9)] ?? 0,
    reward: episode.reward[i] ?? 0};
}

// Colours at equal distances: V from dark to light, actions from blue over grey to orange.
const valueColours = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
const actionColours = [[5, 80, 174], [120, 170, 220], [236, 236, 236], [240, 160, 100], [188, 76, 0]];

function mixed(colours, share) {
  const at = clamp(share, 0, 1) * (colours.length - 1), i = Math.min(Math.floor(at), colours.length - 2);
  return colours[i].map((c, k) => Math.round(c + (at - i) * (colours[i + 1][k] - c)));
}

/** A map's values as a picture, a pixel each; theta_dot upwards. */
function picture(values, side, range, colours) {
  const canvas = el('canvas', {width: side, height: side}), context = canvas.getContext('2d');
  const image = context.createImageData(side, side);
  values.forEach((v, i) => {
    const row = side - 1 - Math.floor(i / side), at = 4 * (row * side + i % side);
    const rgb = isNumber(v) ? mixed(colours, (v - range[0]) / (range[1] - range[0])) : [128, 128, 128];
    image.data.set([...rgb, 255], at);
  });
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

/** The phase plane with what `paint` puts into it, and a mark that `move(state)` moves. */
function plane(maps, name, paint) {
  const mark = svg('circle', {class: 'here', r: 5});
  let frame = null, last = {theta: 0, theta_dot: 0};
  const move = state => {
    last = state;
    if (frame) filled(mark, {cx: frame.X(wrapped(state.theta)), cy: frame.Y(state.theta_dot)}, []);
  };
  const holder = chart(width => {
    frame = axes({width, height: clamp(width * 0.8, 200, 340), name,
      x: {range: [-maps.theta_reach, maps.theta_reach], label: 'θ, rad (0: upright)'},
      y: {range: [-maps.theta_dot_reach, maps.theta_dot_reach], label: 'dθ/dt, rad/s'}});
    paint(frame);
    frame.plot.append(mark);
    move(last);
    return frame.root;
  });
  return {holder, move};
}

function heatMap(maps, title, values, range, colours, low, high) {
  const url = picture(values, maps.side, range, colours);
  const {holder, move} = plane(maps, title, ({plot, box}) => plot.append(svg('image',
    {href: url, x: box.left, y: box.top, width: box.width, height: box.height, preserveAspectRatio: 'none'})));
  const stops = colours.map(c => `rgb(${c.join(',')})`).join(',');
  const key = el('div', {class: 'controls note'}, low,
    el('span', {style: `flex:0 1 8rem;height:.8rem;min-width:4rem;background:linear-gradient(90deg,${stops});` +
      'print-color-adjust:exact;-webkit-print-color-adjust:exact'}), high);
  return {figure: el('figure', {}, el('figcaption', {}, title), holder, key), move};
}

/** An episode's path; it is cut where the angle goes over the edge. */
function orbit(episode, {X, Y}) {
  const xs = [], ys = [];
  episode.theta.forEach((theta, i) => {
    const x = wrapped(theta);
    if (i > 0 && Math.abs(x - wrapped(episode.theta[i - 1])) > Math.PI) {
      xs.push(null);
      ys.push(null);
    }
    xs.push(x);
    ys.push(episode.theta_dot[i]);
  });
  return path(xs, ys, X, Y);
}

function portrait(policy) {
  const {holder, move} = plane(policy.maps, 'Phase portrait', frame => policy.episodes.forEach((e, i) => {
    frame.plot.append(svg('path', {class: 'orbit', d: orbit(e, frame), style: `stroke:var(--c${i})`}));
    frame.plot.append(svg('circle', {cx: frame.X(wrapped(e.theta[0])), cy: frame.Y(e.theta_dot[0]), r: 3,
      style: `fill:var(--c${i})`}));
  }));
  return {figure: el('figure', {}, el('figcaption', {}, 'Phase portrait of the episodes'), holder,
    el('div', {class: 'legend note'}, ...policy.episodes.map((e, i) => el('span', {},
      el('span', {class: 'swatch', style: `background:var(--c${i})`}),
      `episode ${i}: ${digits(e.reward.at(-1))}${e.terminated ? ', terminated' : ''}`)))), move};
}

/** Everything of one policy. Its `stop` ends the animation. */
function policyView(policy) {
  const cart = policy.episodes[0].x.length > 0, double = policy.episodes[0].theta2.length > 0;
  const maps = policy.maps;
  const shown = stage(policy, cart, double), parts = [portrait(policy)];
  parts.push(heatMap(maps, 'Mean action', maps.action, [-1, 1], actionColours,
    digits(-policy.max_action), digits(policy.max_action)));
  if (maps.value.length > 0) {
    const range = rangeOf([maps.value]);
    parts.push(heatMap(maps, 'Value V', maps.value, range, valueColours, digits(range[0]), digits(range[1])));
  }
  const play = el('button', {type: 'button'}, 'Play');
  const scrub = el('input', {type: 'range', min: 0, step: 'any', value: 0, 'aria-label': 'Time in the episode'});
  const choose = el('select', {'aria-label': 'Episode'},
    ...policy.episodes.map((e, i) => el('option', {value: i}, `Episode ${i}`)));
  const told = el('p', {class: 'note'});
  let episode = policy.episodes[0], at = 0, running = false, before = 0;
  const last = () => episode.theta.length - 1;
  const frameSeconds = () => policy.step_seconds * episode.stride;

  const draw = () => {
    const state = stateAt(episode, at);
    shown.show(state);
    parts.forEach(p => p.move(state));
    scrub.value = at;
    const time = Math.min(at * frameSeconds(), episode.steps * policy.step_seconds);
    told.textContent = `t = ${time.toFixed(2)} s · θ = ${wrapped(state.theta).toFixed(2)} rad · ` +
      `action ${(state.action * policy.max_action).toFixed(2)} · return so far ${digits(state.reward)}`;
  };
  const setRunning = value => {
    running = value;
    play.textContent = running ? 'Pause' : 'Play';
    before = performance.now();
    if (running) requestAnimationFrame(tick);
  };
  function tick(now) {
    if (!running) return;
    at = Math.min(at + Math.max(0, now - before) / 1000 / frameSeconds(), last());
    before = now;
    draw();
    at < last() ? requestAnimationFrame(tick) : setRunning(false);
  }
  const take = i => {
    episode = policy.episodes[i];
    at = 0;
    scrub.max = last();
    draw();
  };
  play.addEventListener('click', () => {
    if (!running && at >= last()) at = 0;
    setRunning(!running);
  });
  scrub.addEventListener('input', () => {
    setRunning(false);
    at = Number(scrub.value);
    draw();
  });
  choose.addEventListener('change', () => take(Number(choose.value)));
  take(0);
  return {stop: () => setRunning(false), root: el('div', {},
    el('p', {class: 'note'}, policy.file),
    el('div', {class: 'grid'},
      el('figure', {}, el('figcaption', {}, 'The pendulum, its action in green'), shown.root,
        el('div', {class: 'controls'}, play, scrub, choose), told),
      ...parts.map(p => p.figure)),
    el('p', {class: 'note'}, double ? 'θ is the first pole’s. Maps: the second in line with it, all else at rest. ' :
      'Maps: all else at rest. ', 'Marked is the pendulum’s place.'))};
}

function showPolicies() {
  const seen = groups.filter(g => g.policy);
  const holder = el('div');
  let view = null;
  const show = group => {
    if (view) view.stop();
    view = policyView(group.policy);
    holder.replaceChildren(view.root);
  };
  if (seen.length > 1) {
    const choose = el('select', {'aria-label': 'Policy'},
      ...seen.map((g, i) => el('option', {value: i}, environments.length > 1 ? `${g.env} ${g.name}` : nameOf(g))));
    choose.addEventListener('change', () => show(seen[Number(choose.value)]));
    place('policy').append(el('div', {class: 'controls'}, choose));
  }
  place('policy').append(holder);
  show(seen[0]);
}

showPolicies();
