(() => {
  const data = JSON.parse(document.getElementById("data").textContent, (_, value) => (typeof value === "string" ? apart(safe(value)) : value));
  const NS = "http://www.w3.org/2000/svg";
  const byId = (id) => document.getElementById(id);
  const duration = Math.max(1, data.duration);
  const colours = 12;
  let now = duration;

  function make(name, attributes, parent, text) {
    const node = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    if (parent) parent.append(node);
    return node;
  }

  function clear(node) { while (node.firstChild) node.firstChild.remove(); }

  const colour = (key) => (key < 0 ? "var(--none)" : `var(--k${key % colours})`);
  const keyName = (key) => (key === -1 ? "no key" : key === -2 ? "one of many keys" : `key "${data.keys[key]}"`);
  const groupName = (group) => group ?? "without a group";
  const laneName = (lane) => `${lane.topic}/${lane.partition}`;

  const at = (progress, time) => {
    const count = upTo(progress.times, time);
    return count === 0 ? undefined : progress.offsets[count - 1];
  };

  function of(list, lane) { return list.filter((entry) => entry.topic === lane.topic && entry.partition === lane.partition); }

  const lanes = data.lanes.map((lane) => {
    const portions = lane.portions ?? [];
    const offsets = lane.offsets.map((offset, index) => (offset < 0 ? index : offset));
    const last = Math.max(-1, ...portions.map((portion) => portion.lastOffset), offsets.reduce((a, b) => Math.max(a, b), -1));
    const first = offsets.reduce((a, b) => Math.min(a, b), portions.length ? portions[0].firstOffset : Infinity);
    return {
      ...lane, portions, offsets, last, first,
      reads: of(data.reads, lane), commits: of(data.commits, lane), ownerships: of(data.ownerships, lane),
      count: lane.times.length + portions.reduce((sum, portion) => sum + portion.count, 0),
      found: new Set((lane.unacknowledged ?? []).flatMap((run) => Array.from({ length: run.last - run.first + 1 }, (_, index) => run.first + index))),
      order: offsets.map((_, index) => index).sort((a, b) => offsets[a] - offsets[b]),
    };
  });
  const members = [...new Set(data.ownerships.map((entry) => `${groupName(entry.group)}, member ${entry.member}`))];
  const groups = [...new Set(data.reads.concat(data.commits).map((entry) => entry.group ?? null))];
  const memberColour = (entry) =>
    `var(--k${members.indexOf(`${groupName(entry.group)}, member ${entry.member}`) % colours})`;

  /** The width of a figure in the units of its drawing: on a projector all of it grows. */
  function paper(figure) {
    const wide = Math.max(280, figure.clientWidth);
    const scale = Math.min(1.8, Math.max(1, wide / 1300));
    const width = wide / scale;
    return { width, size: (height) => ({ width: wide, height: height * scale, viewBox: `0 0 ${width} ${height}` }) };
  }

  /** How wide the names beside a drawing may be: as they are, but no more than a part of it. */
  function gutter(width) {
    const owning = new Set(data.ownerships.map((entry) => entry.group).filter((group) => group !== undefined));
    const names = lanes.map(laneName).concat([...owning]);
    return Math.ceil(Math.min(Math.max(72, ...names.map(measured)) + 12, Math.min(260, width * 0.42)));
  }

  /** Names beside a drawing, one below the other, and whole where they are pointed at. */
  function label(parent, right, y, names) {
    const node = make("g", { class: "label", "aria-label": names.map(({ text }) => text).join(" ") }, parent);
    make("title", {}, node, names.map(({ text }) => text).join(" "));
    names.forEach(({ text, keepsStart }, index) => {
      const attributes = { x: right - 8, y: y + index * 16, "text-anchor": "end", class: index < names.length - 1 ? "soft" : undefined };
      make("text", attributes, node, fitted(text, right - 10, { keepsStart }));
    });
  }

  // The partitions.

  const tail = 150, laneHeight = 52, markHeight = 20;
  let drawn = [];

  function drawLanes() {
    const figure = byId("lanes");
    clear(figure);
    drawn = [];
    const { width, size } = paper(figure);
    const narrow = width < 560;
    const left = gutter(width), right = narrow ? 8 : tail;
    const inner = width - left - right;
    const svg = make("svg", { ...size(lanes.length * laneHeight + 8), role: "group", "aria-label": "Partitions" }, figure);
    // One scale for all partitions, so that the longer one looks longer.
    const places = lanes.flatMap((lane) => lane.reads.concat(lane.commits)).flatMap((progress) => progress.offsets);
    const last = Math.max(0, ...lanes.map((lane) => lane.last), places.reduce((a, b) => Math.max(a, b), 0) - 1);
    const least = Math.min(...lanes.map((lane) => lane.first), places.reduce((a, b) => Math.min(a, b), Infinity));
    // Of a log that was there before only what is known: the rest of it may be long.
    const first = least !== Infinity && least > last - least + 1 ? least : 0;
    // Few records stand close to each other, as in a log.
    const cell = Math.min(inner / (last - first + 1), 84);
    const extent = cell * (last - first + 1);
    const x = (offset) => left + (offset - first) * cell;
    lanes.forEach((lane, index) => {
      const y = 4 + index * laneHeight;
      const group = make("g", { tabindex: 0, role: "group", "aria-label": `${laneName(lane)}: ${number(lane.count)} records`, class: "lane", "data-lane": laneName(lane), "data-count": lane.count }, svg);
      make("rect", { class: "rail", x: left, y: y + 3, width: inner, height: markHeight + 8, rx: 4 }, group);
      label(group, left, y + 21, [{ text: laneName(lane) }]);
      const marks = cell >= 5 && lane.portions.length === 0 ? drawMarks(lane, group, y, x, cell) : drawBins(lane, group, y, x, first, last, extent);
      const entry = { lane, marks, y, x, group, chosen: -1, owner: narrow ? undefined : make("text", { x: width - right + 8, y: y + 21, class: "soft" }, group, "") };
      entry.positions = lane.reads.map((progress) => ({ progress, line: make("line", { class: "position", y1: y, y2: y + markHeight + 14 }, group) }));
      entry.commits = lane.commits.map((progress) => ({ progress, sign: make("path", { class: "committed" }, group) }));
      entry.positions.forEach(({ progress, line }) => make("title", {}, line, `${groupName(progress.group)} has read to here`));
      entry.commits.forEach(({ progress, sign }) => make("title", {}, sign, `${groupName(progress.group)} has committed this`));
      group.addEventListener("keydown", (event) => walk(entry, event));
      drawn.push(entry);
    });
    update();
  }

  const shortKey = (key, width) => (key < 0 ? "–" : fitted(data.keys[key], width - 4, { keepsStart: true }));

  function drawMarks(lane, group, y, x, cell) {
    const width = Math.max(3, cell - (cell > 20 ? 6 : 1));
    const list = lane.times.map((time, index) => {
      const left = x(lane.offsets[index]) + (cell - width) / 2;
      const mark = make("g", { class: lane.found.has(index) ? "mark found" : "mark", fill: colour(lane.keys[index]), stroke: colour(lane.keys[index]) }, group);
      make("rect", { x: left, y: y + 7, width, height: markHeight, rx: 3 }, mark);
      if (cell > 40) make("text", { x: left + width / 2, y: y + 21, "text-anchor": "middle" }, mark, shortKey(lane.keys[index], width));
      if (cell > 20) make("text", { class: "offset", x: left + width / 2, y: y + 42, "text-anchor": "middle" }, mark, lane.offsets[index]);
      mark.addEventListener("click", () => choose(drawn.find((entry) => entry.lane === lane), index));
      make("title", {}, mark, `offset ${lane.offsets[index]}, ${keyName(lane.keys[index])}`);
      return mark;
    });
    return { list, bins: [] };
  }

  /** Too many for a mark each: columns as high as there are many, in the colour of the key that most of them have. */
  function drawBins(lane, group, y, x, first, last, inner) {
    const count = Math.max(1, Math.floor(inner / 6));
    const span = (last - first + 1) / count;
    const bins = Array.from({ length: count }, (_, index) => ({ times: [], keys: new Map(), total: 0, found: 0, index }));
    const bin = (offset) => bins[Math.min(count - 1, Math.floor((offset - first) / span))];
    lane.offsets.forEach((offset, index) => {
      const place = bin(offset);
      place.times.push(lane.times[index]);
      place.total += 1;
      if (lane.found.has(index)) place.found += 1;
      place.keys.set(lane.keys[index], (place.keys.get(lane.keys[index]) ?? 0) + 1);
    });
    for (const portion of lane.portions) {
      const from = bin(portion.firstOffset).index, to = bin(portion.lastOffset).index;
      for (let index = from; index <= to; index += 1) {
        const share = Math.max(1, Math.round(portion.count / (to - from + 1)));
        bins[index].total += share;
        const time = portion.from + ((portion.to - portion.from) * (index - from + 1)) / (to - from + 1);
        for (let each = 0; each < Math.min(share, 50); each += 1) bins[index].times.push(time);
        bins[index].keys.set(-2, (bins[index].keys.get(-2) ?? 0) + share);
      }
    }
    const largest = Math.max(1, ...bins.map((entry) => entry.total));
    const used = bins.filter((entry) => entry.total > 0);
    for (const entry of used) {
      entry.times.sort((a, b) => a - b);
      entry.from = first + entry.index * span;
      entry.to = first + (entry.index + 1) * span - 1;
      const [key, most] = [...entry.keys].reduce((a, b) => (b[1] > a[1] ? b : a));
      entry.height = Math.max(3, (entry.total / largest) * (markHeight + 4));
      entry.node = make("rect", {
        class: "mark bin", x: x(entry.from), width: Math.max(2, inner / count - 1), fill: most * 2 > entry.total ? colour(key) : "var(--none)",
        stroke: most * 2 > entry.total ? colour(key) : "var(--none)", "data-total": entry.total,
      }, group);
      entry.base = y + 7 + markHeight + 2;
      entry.text = `offsets ${number(Math.ceil(entry.from))} to ${number(Math.floor(entry.to))}: ${number(entry.total)} records`
        + (most * 2 > entry.total ? `, most with ${keyName(key)}` : `, ${number(entry.keys.size)} keys or more`)
        + (entry.found ? `, ${number(entry.found)} of them not acknowledged to a step` : "");
      make("title", {}, entry.node, entry.text);
      entry.node.addEventListener("click", () => choose(drawn.find((other) => other.lane === lane), used.indexOf(entry)));
    }
    return { list: [], bins: used };
  }

  /** What is seen at the time of the slider. */
  function update() {
    let visible = 0, total = 0;
    for (const entry of drawn) {
      const { lane } = entry;
      total += lane.count;
      const positions = lane.reads.map((progress) => at(progress, now) ?? -1);
      const read = positions.length ? Math.min(...positions) : -1;
      entry.marks.list.forEach((mark, index) => {
        const isThere = lane.times[index] <= now;
        if (isThere) visible += 1;
        mark.style.display = isThere ? "" : "none";
        mark.classList.toggle("unread", lane.offsets[index] >= read);
      });
      for (const bin of entry.marks.bins) {
        const there = upTo(bin.times, now);
        const part = bin.times.length ? there / bin.times.length : 0;
        visible += Math.round(bin.total * part);
        const height = bin.height * part;
        bin.node.setAttribute("height", height);
        bin.node.setAttribute("y", bin.base - height);
        bin.node.style.display = there ? "" : "none";
        bin.node.classList.toggle("unread", bin.to >= read);
      }
      for (const { progress, line } of entry.positions) {
        const offset = at(progress, now);
        line.style.display = offset === undefined ? "none" : "";
        if (offset !== undefined) { line.setAttribute("x1", entry.x(offset)); line.setAttribute("x2", entry.x(offset)); }
      }
      for (const { progress, sign } of entry.commits) {
        const offset = at(progress, now);
        sign.style.display = offset === undefined ? "none" : "";
        if (offset !== undefined) sign.setAttribute("d", `M${entry.x(offset)} ${entry.y + 33} l5 9 h-10 z`);
      }
      if (entry.owner) {
        const owners = lane.ownerships.filter((owner) => owner.group !== undefined && owner.from <= now && (owner.to ?? Infinity) > now);
        entry.owner.textContent = fitted(owners.map((owner) => `${owner.group}: ${owner.member}`).join(", "), tail - 10);
      }
    }
    byId("clock").textContent = `${shown(now)} of ${shown(duration)}`;
    byId("time").setAttribute("aria-valuetext", `${shown(now)} of ${shown(duration)}`);
    const step = data.steps.filter((entry) => entry.from <= now && (entry.to ?? Infinity) >= now).pop();
    const faults = data.faults.filter((fault) => fault.from <= now && (fault.to ?? Infinity) > now);
    byId("now").textContent = [
      `${number(visible)} of ${number(total)} records`, step ? `step ${step.path}: ${step.title}` : undefined,
      ...faults.map((fault) => `fault: ${fault.sentence}`),
    ].filter((text) => text !== undefined).join(" · ");
    document.body.dataset.visible = visible;
    for (const cursor of document.querySelectorAll(".cursor")) {
      const place = Number(cursor.dataset.left) + (now / duration) * Number(cursor.dataset.width);
      cursor.setAttribute("x1", place);
      cursor.setAttribute("x2", place);
    }
  }

  function nodes(entry) { return entry.marks.list.length ? entry.marks.list : entry.marks.bins.map((bin) => bin.node); }

  /** Where the chosen record is told; on paper that none is chosen would tell nothing. */
  function chosen() {
    byId("record").classList.remove("empty");
    return byId("record");
  }

  function choose(entry, index) {
    for (const node of document.querySelectorAll(".chosen")) node.classList.remove("chosen");
    entry.chosen = index;
    nodes(entry)[index].classList.add("chosen");
    const { lane } = entry;
    if (!entry.marks.list.length) {
      chosen().textContent = `${laneName(lane)}, ${entry.marks.bins[index].text}.`;
      return;
    }
    const step = data.steps[lane.steps[index]];
    const value = index < lane.values.length ? (lane.values[index] === null ? ", no value (a tombstone)" : `, value ${lane.values[index]}`) : "";
    const readers = lane.reads.map((progress) => {
      const found = progress.offsets.findIndex((offset) => offset > lane.offsets[index]);
      if (found < 0) return `not read by ${groupName(progress.group)}`;
      const time = progress.times[found];
      const owner = lane.ownerships.find((other) => other.group === progress.group && other.from <= time && (other.to ?? Infinity) >= time);
      return `read at ${shown(time)} ${progress.group === undefined ? groupName() : `by ${progress.group}${owner ? `, member ${owner.member}` : ""}`}`;
    });
    const timestamp = (lane.timestamps ?? [])[index] ?? undefined;
    const origin = lane.found.has(index)
      ? `first read at ${shown(lane.times[index])}, never acknowledged to a step: somebody else wrote it, or the acknowledgement was lost`
      : `sent at ${shown(lane.times[index])}${step ? ` by step ${step.path}` : ""}`;
    chosen().textContent = `${laneName(lane)} offset ${lane.offsets[index]}, ${keyName(lane.keys[index])}${value}`
      + `${timestamp === undefined ? "" : `, timestamp ${moment(timestamp)}`}; ${origin}${readers.length ? "; " + readers.join(", ") : ""}.`;
  }

  function walk(entry, event) {
    const count = nodes(entry).length;
    if (!count) return;
    const ways = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    if (!(event.key in ways)) return;
    event.preventDefault();
    // Along the offsets, also where acknowledgements came in another order.
    const order = entry.marks.list.length ? entry.lane.order : entry.marks.bins.map((_, index) => index);
    const place = entry.chosen < 0 ? (ways[event.key] > 0 ? -1 : count) : order.indexOf(entry.chosen);
    choose(entry, order[Math.max(0, Math.min(count - 1, place + ways[event.key]))]);
  }

  // Over time.

  function axis(figure) {
    const { width, size } = paper(figure);
    const left = gutter(width), inner = width - left - 12;
    return { width, left, inner, size, x: (time) => left + (Math.min(time ?? duration, duration) / duration) * inner };
  }

  function timeChart(figure, height, body) {
    clear(figure);
    const { width, left, inner, x, size } = axis(figure);
    const svg = make("svg", { ...size(height + 24), role: "img", "aria-label": figure.getAttribute("aria-label") }, figure);
    for (const fault of data.faults) {
      const band = make("rect", { class: "band", x: x(fault.from), y: 0, width: Math.max(2, x(fault.to) - x(fault.from)), height }, svg);
      make("title", {}, band, `${fault.sentence}: from ${shown(fault.from)} to ${shown(fault.to ?? duration)}`);
    }
    for (const step of data.steps) make("line", { class: "grid", x1: x(step.from), x2: x(step.from), y1: 0, y2: height }, svg);
    body(svg, x, left, width);
    make("text", { class: "soft", x: left, y: height + 18 }, svg, "0");
    make("text", { class: "soft", x: width - 12, y: height + 18, "text-anchor": "end" }, svg, shown(duration));
    make("line", { class: "cursor", y1: 0, y2: height, "data-left": left, "data-width": inner }, svg);
  }

  function drawOwners() {
    const rows = [];
    for (const lane of lanes) {
      for (const group of new Set(lane.ownerships.filter((entry) => entry.group !== undefined).map((entry) => entry.group))) {
        rows.push({ lane, group, list: lane.ownerships.filter((entry) => entry.group === group) });
      }
    }
    byId("owners-section").hidden = rows.length === 0 && data.faults.length === 0;
    if (byId("owners-section").hidden) return;
    const tellsGroups = rows.some((row) => row.group !== rows[0].group);
    const rowHeight = tellsGroups ? 40 : 30;
    const faults = placedFaults(axis(byId("owners")));
    const above = Math.max(data.faults.length ? 0 : 1, rows.length) * rowHeight;
    timeChart(byId("owners"), above + faults.rows * 18 + (faults.rows ? 6 : 0), (svg, x, left) => {
      rows.forEach((row, index) => {
        const y = index * rowHeight;
        const name = { text: laneName(row.lane) };
        label(svg, left, y + (tellsGroups ? 16 : 19), tellsGroups ? [{ text: row.group, keepsStart: true }, name] : [name]);
        for (const own of row.list) {
          const width = Math.max(2, x(own.to) - x(own.from));
          const bar = make("rect", { class: "own", x: x(own.from), y: y + 3, width, height: rowHeight - 6, rx: 4, fill: memberColour(own), stroke: memberColour(own) }, svg);
          make("title", {}, bar, `${row.group}, member ${own.member} owns ${laneName(row.lane)} from ${shown(own.from)} to ${shown(own.to ?? duration)}${own.crashed ? ", until it crashes" : ""}`);
          if (width > measured(own.member) + 8 + (own.crashed ? 12 : 0)) make("text", { x: x(own.from) + 4, y: y + rowHeight / 2 + 5 }, svg, own.member);
          if (own.crashed) make("text", { x: x(own.to) - 5, y: y + rowHeight / 2 + 5 }, svg, "✗");
        }
      });
      for (const { text, place, row } of faults.list) make("text", { class: "soft fault", x: place, y: above + row * 18 + 14 }, svg, text);
    });
  }

  /** Where the faults are named: each from its beginning on, in the first row in which nothing else stands there. */
  function placedFaults({ width, left, inner, x }) {
    const most = 8, ends = [], list = [];
    let omitted = 0;
    for (const fault of [...data.faults].sort((a, b) => a.from - b.from)) {
      const text = fitted(fault.sentence, inner - 4, { keepsStart: true });
      const wide = measured(text);
      const place = Math.max(left + 2, Math.min(x(fault.from) + 2, width - 14 - wide));
      let row = ends.findIndex((end) => end + 12 <= place);
      if (row < 0) row = ends.length;
      if (row >= most) {
        omitted += 1;
        continue;
      }
      ends[row] = place + wide;
      list.push({ text, place, row });
    }
    if (omitted) list.push({ text: `and ${number(omitted)} more: point at a band`, place: left + 2, row: ends.length });
    return { list, rows: ends.length + (omitted ? 1 : 0) };
  }

  function drawLag() {
    const lines = groups.filter((group) => group !== null).map((group) => {
      const read = lanes.flatMap((lane) => lane.reads.filter((entry) => (entry.group ?? null) === group).map((progress) => ({ lane, progress })));
      const points = [];
      const ends = read.map(({ lane }) => {
        let end = lane.first === Infinity ? 0 : lane.first;
        return lane.offsets.map((offset) => (end = Math.max(end, offset + 1)));
      });
      for (let index = 0; index <= 400; index += 1) {
        const time = (duration * index) / 400;
        points.push(read.reduce((sum, { lane, progress }, place) => {
          const count = upTo(lane.times, time);
          const portion = lane.portions[upTo(lane.portions.map((other) => other.from), time) - 1];
          const end = portion ? portion.lastOffset + 1 : count ? ends[place][count - 1] : 0;
          return sum + Math.max(0, end - Math.max(at(progress, time) ?? 0, lane.first === Infinity ? 0 : lane.first));
        }, 0));
      }
      return { group, points, isEmpty: read.length === 0 };
    }).filter((line) => !line.isEmpty);
    byId("lag-section").hidden = lines.length === 0;
    if (!lines.length) return;
    const height = 140, largest = Math.max(1, ...lines.flatMap((line) => line.points));
    timeChart(byId("lag"), height, (svg, x, left) => {
      make("text", { class: "soft", x: left - 8, y: 14, "text-anchor": "end" }, svg, number(largest));
      make("text", { class: "soft", x: left - 8, y: height, "text-anchor": "end" }, svg, "0");
      lines.forEach((line, index) => {
        const path = line.points.map((value, place) => `${place ? "L" : "M"}${x((duration * place) / 400).toFixed(1)} ${(height - (value / largest) * (height - 6)).toFixed(1)}`).join("");
        make("title", {}, make("path", { class: "trace", d: path, stroke: `var(--k${index % colours})` }, svg), groupName(line.group ?? undefined));
        make("text", { x: left + 8, y: 18 + index * 18, style: `fill: var(--k${index % colours})` }, svg, groupName(line.group ?? undefined));
      });
    });
  }

  function drawLegend() {
    const list = byId("legend");
    const used = new Map();
    for (const lane of lanes) for (const key of lane.keys) used.set(key, (used.get(key) ?? 0) + 1);
    const entries = [...used].sort((a, b) => b[1] - a[1]).slice(0, 12);
    for (const [key, count] of entries) {
      const item = document.createElement("li");
      const sign = make("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, item);
      make("rect", { width: 10, height: 10, rx: 2, fill: colour(key) }, sign);
      item.append(`${keyName(key)}: ${number(count)}`);
      list.append(item);
    }
    if (used.size > entries.length) {
      const item = document.createElement("li");
      item.className = "soft";
      item.textContent = `and ${number(used.size - entries.length)} more keys; colours repeat`;
      list.append(item);
    }
  }

  // The slider, and what plays it.

  const slider = byId("time"), play = byId("play");
  let timer;

  function goTo(place) {
    now = Math.round((duration * place) / 1000);
    update();
  }

  function stop() {
    clearInterval(timer);
    timer = undefined;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }

  slider.addEventListener("input", () => goTo(Number(slider.value)));
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (Number(slider.value) >= 1000) slider.value = 0;
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => {
      slider.value = Number(slider.value) + 4;
      goTo(Number(slider.value));
      if (Number(slider.value) >= 1000) stop();
    }, 40);
  });

  function draw() {
    drawLanes();
    drawOwners();
    drawLag();
    update();
  }

  let width = 0;
  new ResizeObserver(() => {
    if (byId("lanes").clientWidth === width) return;
    width = byId("lanes").clientWidth;
    draw();
  }).observe(byId("lanes"));
  drawLegend();
  byId("found").hidden = lanes.every((lane) => lane.found.size === 0);
  width = byId("lanes").clientWidth;
  draw();
})();
