// Draws the facilities, links and moves of caremap.geography.facility_map on a Leaflet map.
// Every text comes as a value and is put on the page as text (textContent), never as markup.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const [NAMES, DISTANCES, LONG] = [60, 60, 64];  // labels at once; pixels a link needs for one
  const MOVE = "#b0166a";
  const ICONS = {
    whole: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
    fit: "M12 2v4M12 18v4M2 12h4M18 12h4M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8",
    measure: "M3 16 16 3l5 5L8 21zM7 12l2 2M10 9l3 3M13 6l2 2",
  };

  const element = (kind, text, className = "") => {
    const made = document.createElement(kind);
    if (className) made.className = className;
    if (text !== undefined) {
      made.textContent = text;
      made.dir = "auto";  // a name in Arabic or Hebrew reads from the right
    }
    return made;
  };
  const drawing = (width, height, kind, attributes) => {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS(SVG, kind);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
    svg.append(shape);
    return svg;
  };
  const escaped = (text) => {
    const span = element("span", text);
    return span.innerHTML;
  };

  window.caremapMap = (map, data) => {
    const frame = map.getContainer();
    const { sites } = data;
    const places = sites.at.map(([lat, lng]) => L.latLng(lat, lng));
    const told = (km) => {
      const far = km * data.factor;
      return `${far.toLocaleString("en-US", { minimumFractionDigits: far < 100 ? 1 : 0,
        maximumFractionDigits: far < 100 ? 1 : 0 })} ${data.unit}`;
    };
    let touched = false;
    const shown = { layer: 0, links: true, moves: true, labels: true };
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

    frame.classList.add("caremap");
    frame.setAttribute("role", "application");
    frame.setAttribute("aria-label", data.said);
    map.attributionControl?.setPrefix(
      '<a href="https://leafletjs.com" target="_blank" rel="noopener">Leaflet</a>');
    for (const [name, order] of [["lines", 410], ["moves", 440], ["sites", 450], ["words", 640]]) {
      map.createPane(name).style.zIndex = order;
    }
    map.getPane("words").style.pointerEvents = "none";

    // --- light or dark, as the page around it -------------------------------------------------
    const look = () => {
      const parts = getComputedStyle(frame).backgroundColor.match(/[\d.]+/g) ?? [255, 255, 255];
      const light = 0.3 * parts[0] + 0.6 * parts[1] + 0.1 * parts[2];
      frame.classList.toggle("caremap-dark", light < 128);
    };
    window.Streamlit?.events?.addEventListener("streamlit:render", () => setTimeout(look, 50));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look);

    // --- facilities ---------------------------------------------------------------------------
    // Under the mouse what the circle stands for, in a popup all that is known.
    const words = (at, all = true) => {
      const layer = data.layers[shown.layer];
      const box = element("div", undefined, "caremap-words");
      box.append(element("b", sites.name[at]));
      const table = element("table");
      const rows = [[layer.size_title, layer.size[at]], [layer.colour_title, layer.shade[at]],
        ...(all ? data.details.map((one) => [one.title, one.text[at]]) : [])];
      const seen = new Set();
      for (const [title, text] of rows) {
        if (!title || !text || seen.has(title)) continue;
        seen.add(title);
        const row = table.insertRow();
        row.append(element("td", title), element("td", text));
      }
      box.append(table);
      return box;
    };
    const paint = (layer, at) => {
      const none = layer.colour[at] < 0;
      return { radius: layer.radius[at], fillColor: none ? "#ffffff" : layer.colours[layer.colour[at]][0],
        className: none ? "caremap-site caremap-none" : "caremap-site" };
    };
    const markers = places.map((place, at) => {
      const marker = L.circleMarker(place, {
        pane: "sites", weight: 1.5, color: "#06181f", fillOpacity: 0.92, bubblingMouseEvents: false,
        ...paint(data.layers[0], at) });
      marker.bindTooltip(() => words(at, false), { sticky: true, opacity: 1 });
      marker.on("add", () => marker.getElement()?.setAttribute("data-facility", sites.name[at]));
      marker.on("click", () => (ruler.on ? ruler.add(places[at]) : click(at)));
      return marker;
    });
    const many = data.cluster && L.markerClusterGroup({
      maxClusterRadius: 46, animate: !still, chunkedLoading: true, showCoverageOnHover: false,
      spiderLegPolylineOptions: { weight: 1.5, color: "#668088", className: "caremap-leg" },
      iconCreateFunction: (cluster) => {
        const count = cluster.getChildCount();
        const size = count < 10 ? 30 : count < 100 ? 38 : count < 1000 ? 46 : 54;
        const icon = element("div", count.toLocaleString("en-US"), "caremap-cluster");
        icon.style.cssText = `width:${size}px;height:${size}px`;
        return L.divIcon({ html: icon, className: "", iconSize: [size, size] });
      },
    });
    const group = (many || L.featureGroup());
    if (many) many.addLayers(markers);
    else [...markers.keys()].sort((one, other) =>
      data.layers[0].radius[other] - data.layers[0].radius[one])
      .forEach((at) => group.addLayer(markers[at]));
    group.addTo(map);
    const repaint = () => {
      const layer = data.layers[shown.layer];
      markers.forEach((marker, at) => {
        const { radius, fillColor, className } = paint(layer, at);
        marker.setStyle({ radius, fillColor });
        marker.options.className = className;
        const none = layer.colour[at] < 0;
        marker.getElement()?.classList.toggle("caremap-none", none);
      });
    };

    // Facilities at one point stand around it, so that each can be seen and clicked.
    const apart = new Map();
    if (!many) {
      places.forEach((place, at) => {
        const key = `${place.lat.toFixed(5)} ${place.lng.toFixed(5)}`;
        apart.set(key, [...(apart.get(key) ?? []), at]);
      });
    }
    const legs = L.layerGroup().addTo(map);
    const spread = () => {
      legs.clearLayers();
      for (const all of apart.values()) {
        if (all.length < 2) continue;
        const widest = Math.max(...all.map((at) => markers[at].getRadius()));
        const far = Math.max(widest + 3, ((widest + 3) * all.length) / Math.PI);
        const centre = map.latLngToLayerPoint(places[all[0]]);
        all.forEach((at, turn) => {
          const angle = (2 * Math.PI * turn) / all.length;
          const put = map.layerPointToLatLng(
            centre.add([far * Math.cos(angle), far * Math.sin(angle)]));
          markers[at].setLatLng(put);
          L.polyline([places[at], put], { weight: 1.5, color: "#668088", className: "caremap-leg",
            interactive: false }).addTo(legs);
        });
      }
    };

    // --- links to the nearest, one line of many pieces for each class of distance ---------------
    const lines = L.layerGroup().addTo(map);
    const canvas = L.canvas({ pane: "lines", tolerance: 4 });
    data.links.forEach((band) => {
      const line = L.polyline(band.pairs.map(([from, to]) => [places[from], places[to]]), {
        renderer: canvas, pane: "lines", color: band.colour, weight: 2, dashArray: band.dash,
        opacity: 0.85, noClip: false });
      line.bindTooltip("", { sticky: true, opacity: 1 });
      line.on("mousemove", (event) => {
        const [from, to, km] = closest(band.pairs, event.layerPoint);
        line.setTooltipContent(element("span",
          `${sites.name[from]} – ${sites.name[to]}: ${told(km)}, straight line`));
      });
      line.addTo(lines);
    });
    const closest = (pairs, point) => {
      let [best, near] = [pairs[0], Infinity];
      for (const pair of pairs) {
        const far = L.LineUtil.pointToSegmentDistance(
          point, map.latLngToLayerPoint(places[pair[0]]), map.latLngToLayerPoint(places[pair[1]]));
        if (far < near) [best, near] = [pair, far];
      }
      return best;
    };

    // --- moves of the plan: bowed arrows as wide as the people who move ---------------------------
    const moves = L.layerGroup().addTo(map);
    const most = Math.max(1, ...data.moves.map((move) => move.people));
    const bow = (from, to) => {
      const [a, b] = [map.project(from, 10), map.project(to, 10)];
      const middle = a.add(b).divideBy(2).add([(a.y - b.y) * 0.16, (b.x - a.x) * 0.16]);
      return Array.from({ length: 17 }, (_, step) => {
        const t = step / 16;
        return map.unproject(a.multiplyBy((1 - t) ** 2).add(middle.multiplyBy(2 * t * (1 - t)))
          .add(b.multiplyBy(t * t)), 10);
      });
    };
    const arrows = () => {
      moves.clearLayers();
      for (const move of ofLayer()) {
        const path = bow(places[move.from], places[move.to]);
        const wide = 2 + 7 * Math.sqrt(move.people / most);
        for (const [color, more] of [["#ffffff", 3], [MOVE, 0]]) {
          const line = L.polyline(path, { pane: "moves", color, weight: wide + more, opacity: 0.9,
            interactive: color === MOVE,
            className: color === MOVE ? "caremap-move" : "" }).addTo(moves);
          if (color === MOVE) line.bindTooltip(() => element("span", move.text), { sticky: true, opacity: 1 });
        }
        const [near, tip] = [map.project(path[10], 10), map.project(path[12], 10)];
        const turn = (Math.atan2(tip.y - near.y, tip.x - near.x) * 180) / Math.PI;
        const size = 14 + wide * 1.6;
        const head = drawing(size, size, "path", {
          d: `M1 1L${size - 1} ${size / 2}L1 ${size - 1}Z`, fill: MOVE, stroke: "#ffffff", "stroke-width": 1.5 });
        head.style.cssText = `transform:rotate(${turn}deg);display:block`;
        L.marker(path[11], { pane: "moves", interactive: false, keyboard: false,
          icon: L.divIcon({ html: head, className: "", iconSize: [size, size] }) }).addTo(moves);
      }
    };
    const ofLayer = () => data.moves.filter((move) => move.layers.includes(shown.layer));

    // --- the chosen facility ----------------------------------------------------------------------
    const chosen = L.layerGroup().addTo(map);
    let choice = { at: null, to: [] };
    let clicks = 0;
    const mark = () => {
      chosen.clearLayers();
      if (choice.at === null) return;
      choice.to.forEach(([other]) => L.polyline([places[choice.at], places[other]], {
        pane: "moves", className: "caremap-ring", weight: 3, interactive: false }).addTo(chosen));
      const held = markers[choice.at];
      const where = many && !group.getVisibleParent(held) ? places[choice.at] : held.getLatLng();
      L.circleMarker(where, { pane: "moves", className: "caremap-ring", weight: 4, fill: false,
        radius: held.getRadius() + 5, interactive: false }).addTo(chosen);
    };
    const click = (at) => {
      choice = { at, to: choice.at === at ? choice.to : [] };
      mark();
      clicks += 1;
      if (window.Streamlit) {  // the page tells it below the map
        window.Streamlit.setComponentValue({ facility: sites.name[at], click: clicks });
      } else {
        L.popup({ maxWidth: 280, autoPanPadding: [30, 30] }).setLatLng(markers[at].getLatLng())
          .setContent(words(at)).openOn(map);
      }
      refresh();
    };
    // The page says which facility is looked at: it may have been chosen from a list.
    window.caremapChoose = (at, to) => {
      const moved = choice.at !== at;
      choice = { at, to };
      if (at !== null && moved) {
        map.closePopup();
        if (!map.getBounds().pad(-0.05).contains(places[at])) map.panTo(places[at], { animate: false });
      }
      mark();
      refresh();
    };

    // --- words on the map: as many as stand beside each other --------------------------------------
    const labels = L.layerGroup().addTo(map);
    const net = L.layerGroup().addTo(map);
    const refresh = () => {
      labels.clearLayers();
      const taken = [];
      const view = map.getSize();
      const put = (place, text, className, down = 0) => {
        const point = map.latLngToContainerPoint(place).add([0, down]);
        const wide = Math.min(210, text.length * 7 + 8) / 2;
        const box = [point.x - wide, point.y - 9, point.x + wide, point.y + 9];
        if (point.x < 0 || point.y < 0 || point.x > view.x || point.y > view.y) return false;
        if (taken.some((one) => box[0] < one[2] && one[0] < box[2] && box[1] < one[3] && one[1] < box[3])) {
          return false;
        }
        taken.push(box);
        const html = element("span", text, className);
        html.style.top = `${down}px`;
        L.marker(place, { pane: "words", interactive: false, keyboard: false,
          icon: L.divIcon({ html, className: "caremap-label", iconSize: [0, 0] }) }).addTo(labels);
        return true;
      };
      const middle = (from, to) => map.unproject(
        map.project(places[from]).add(map.project(places[to])).divideBy(2));
      const far = (from, to) => map.latLngToLayerPoint(places[from])
        .distanceTo(map.latLngToLayerPoint(places[to])) > LONG;
      const name = (at) => put(markers[at].getLatLng(), sites.name[at], "caremap-name",
        markers[at].getRadius() + 11);
      if (choice.at !== null) {
        name(choice.at);
        choice.to.forEach(([other, km]) => far(choice.at, other)
          && put(middle(choice.at, other), told(km), "caremap-far"));
      }
      if (shown.moves) {
        ofLayer().slice(0, NAMES).forEach((move) => put(
          bow(places[move.from], places[move.to])[8], String(move.people), "caremap-people"));
      }
      if (!shown.labels) return;
      const inView = map.getBounds();
      const radius = data.layers[shown.layer].radius;
      markers.map((marker, at) => at)
        .filter((at) => at !== choice.at && inView.contains(markers[at].getLatLng())
          && (!many || group.getVisibleParent(markers[at]) === markers[at]))
        .sort((one, other) => radius[other] - radius[one]).slice(0, NAMES).forEach(name);
      if (!shown.links) return;
      let count = 0;
      for (const { pairs } of data.links) {
        for (const [from, to, km] of pairs) {
          if (count >= DISTANCES) return;
          if ((inView.contains(places[from]) || inView.contains(places[to])) && far(from, to)
            && put(middle(from, to), told(km), "caremap-far")) count += 1;
        }
      }
    };

    // --- without a background: lines of latitude and longitude, and why ----------------------------
    let tiles = null;
    map.eachLayer((layer) => { if (layer instanceof L.TileLayer) tiles = layer; });
    let blank = tiles === null;
    const degrees = () => {
      net.clearLayers();
      if (!blank) return;
      const view = map.getBounds();
      const span = Math.max(view.getEast() - view.getWest(), 1e-6);
      const step = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 45]
        .find((one) => span / one <= 7) ?? 45;
      const places_ = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
      const draw = (line, text, down) => {
        L.polyline(line, { renderer: canvas, pane: "lines", color: "#7d949b", weight: 1,
          opacity: 0.35, interactive: false }).addTo(net);
        const html = element("span", text, "caremap-degree");
        html.style.cssText = down ? "top:-12px" : "left:34px";
        const at = down ? [view.getSouth(), line[0][1]] : [line[0][0], view.getWest()];
        L.marker(at, { pane: "words", interactive: false, keyboard: false,
          icon: L.divIcon({ html, className: "caremap-label", iconSize: [0, 0] }) }).addTo(net);
      };
      const words = (value, [plus, minus]) => `${Math.abs(value).toFixed(places_)}°${
        Math.abs(value) < step / 2 || Math.abs(value) === 180 ? "" : value > 0 ? plus : minus}`;
      for (let at = Math.ceil(view.getWest() / step); at * step < view.getEast(); at++) {
        draw([[view.getSouth(), at * step], [view.getNorth(), at * step]],
          words(L.Util.wrapNum(at * step, [-180, 180], true), "EW"), true);
      }
      for (let at = Math.ceil(view.getSouth() / step); at * step < view.getNorth(); at++) {
        draw([[at * step, view.getWest()], [at * step, view.getEast()]], words(at * step, "NS"), false);
      }
    };
    const note = L.control({ position: "bottomright" });
    note.onAdd = () => {
      const box = L.DomUtil.create("div", "caremap-box");
      L.DomEvent.disableClickPropagation(box);
      box.setAttribute("role", "status");
      box.append(element("div", data.blocked));
      for (const [words, act] of [["Try again", () => { note.remove(); turnTiles(true); }],
        ["Close", () => note.remove()]]) {
        const button = element("button", words);
        button.type = "button";
        button.addEventListener("click", act);
        box.append(button);
      }
      return box;
    };
    let [came, failed] = [0, 0];
    const turnTiles = (on) => {
      blank = !on;
      [came, failed] = [0, 0];
      if (on) tiles.addTo(map);
      else tiles.remove();
      degrees();
    };
    if (tiles !== null) {
      tiles.on("tileload", () => { came += 1; note.remove(); });
      tiles.on("tileerror", () => {
        failed += 1;
        if (came === 0 && failed >= 4 && !blank) {  // nothing comes: no more is asked for
          turnTiles(false);
          note.addTo(map);  // in the room kept for it: who aims at a facility must not miss it
        }
      });
    }

    // --- controls ----------------------------------------------------------------------------------
    const home = L.latLngBounds(places);
    let [fitted, due] = [false, false];
    const fit = () => {
      const size = map.getSize();
      if (size.x < 200 || size.y < 150) return;  // not laid out yet
      const beside = legend.getContainer().open && size.x > 700
        ? Math.min(legend.getContainer().offsetWidth, 280) : 0;
      const noted = note.getContainer()?.isConnected || (tiles !== null && !blank && came === 0);
      map.fitBounds(home, { paddingTopLeft: [Math.max(60, beside + 40), 40],
        paddingBottomRight: [size.x > 500 ? 92 : 60, noted ? 130 : 48], maxZoom: 12, animate: false });
      [fitted, due] = [true, false];
    };
    // Nothing moves by itself under a pointer that may be about to click.
    const fitAgain = () => {
      due = !touched && fitted && frame.matches(":hover");
      if (!touched && !due) fit();
    };
    frame.addEventListener("mouseleave", () => { if (due) fitAgain(); });
    const tools = L.control({ position: "topright" });
    let ruler = { on: false };
    tools.onAdd = () => {
      const bar = L.DomUtil.create("div", "leaflet-bar");
      L.DomEvent.disableClickPropagation(bar);
      const button = (title, icon, act) => {
        const made = L.DomUtil.create("a", "", bar);
        made.href = "#";
        made.title = title;
        made.setAttribute("role", "button");
        made.setAttribute("aria-label", title);
        made.append(drawing(18, 18, "path", { d: ICONS[icon], fill: "none",
          stroke: "currentColor", "stroke-width": 2 }));
        made.firstChild.setAttribute("viewBox", "0 0 24 24");
        L.DomEvent.on(made, "click", (event) => { L.DomEvent.stop(event); act(); });
        return made;
      };
      button("All facilities", "fit", fit);
      ruler = window.caremapMeasure.tool(map, button("Measure a distance", "measure",
        () => ruler.turn(!ruler.on)), told);
      if (document.fullscreenEnabled) {
        button("Full screen", "whole", () => (document.fullscreenElement
          ? document.exitFullscreen() : frame.requestFullscreen()));
      }
      return bar;
    };
    L.control.scale({ metric: data.unit === "km", imperial: data.unit !== "km" }).addTo(map);

    const legend = L.control({ position: "topleft" });
    legend.onAdd = () => {
      const box = L.DomUtil.create("details", "caremap-box caremap-legend");
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      box.open = map.getSize().x > 700;
      return box;
    };
    const explain = () => {
      const box = legend.getContainer();
      const layer = data.layers[shown.layer];
      const rows = [element("summary", "Legend")];
      const row = (mark, text) => {
        const made = element("div", undefined, "caremap-row");
        made.append(mark, element("span", text));
        rows.push(made);
      };
      const dot = (radius, fill, dash = "") => drawing(Math.max(2 * radius + 3, 26), 2 * radius + 3, "circle", {
        cx: Math.max(radius + 1.5, 13), cy: radius + 1.5, r: radius, fill, stroke: "currentColor",
        "stroke-width": 1.5, "stroke-dasharray": dash });
      if (layer.size_title) {
        rows.push(element("h3", `Size: ${layer.size_title}`));
        layer.sizes.forEach(([radius, text]) => row(dot(radius, "none"), text));
      }
      if (layer.colour_title) {
        rows.push(element("h3", `Colour: ${layer.colour_title}`));
        layer.colours.forEach(([fill, text]) => text && row(dot(7, fill), text));
      }
      if (layer.none) row(dot(6, "none", "3 2"), layer.none);
      const line = (stroke, dash, width = 2) => drawing(26, 10, "line", {
        x1: 0, y1: 5, x2: 26, y2: 5, stroke, "stroke-width": width, "stroke-dasharray": dash ?? "" });
      if (data.links.length) {
        rows.push(element("h3", data.links_title));
        data.links.forEach((band) => row(line(band.colour, band.dash), band.text));
      }
      if (ofLayer().length) {
        rows.push(element("h3", "Moves of the plan"));
        row(line(MOVE, null, 5), "the wider, the more people");
      }
      box.replaceChildren(...rows);
      box.hidden = rows.length === 1;
    };
    legend.addTo(map);

    const bases = {};
    const others = {};
    const turned = (name, add, remove) => {
      const layer = L.layerGroup();
      layer.on("add", add);
      if (remove) layer.on("remove", remove);
      return [escaped(name), layer];
    };
    const enter = (into, [name, layer], on) => { into[name] = layer; if (on) layer.addTo(map); };
    if (data.layers.length > 1) {
      data.layers.forEach((one, at) => enter(bases, turned(one.title, () => {
        shown.layer = at;
        map.closePopup();
        repaint();
        arrows();
        spread();
        explain();
        mark();
        refresh();
      }), at === 0));
    }
    const overlay = (name, key, layer) => enter(others, turned(name, () => {
      shown[key] = true;
      layer?.addTo(map);
      refresh();
    }, () => { shown[key] = false; layer?.remove(); refresh(); }), true);
    if (data.links.length) overlay(data.links_title, "links", lines);
    if (data.moves.length) overlay("Moves of the plan", "moves", moves);
    overlay("Names and distances", "labels", null);
    if (tiles !== null) {
      const [name, layer] = turned("Background map", () => turnTiles(true), () => {
        note.remove();
        turnTiles(false);
      });
      enter(others, [name, layer], false);
      layer.addTo(map);
    }
    L.control.layers(bases, others, { collapsed: true, position: "topright" }).addTo(map);
    map.zoomControl?.setPosition("topright");
    tools.addTo(map);

    // --- begin --------------------------------------------------------------------------------------
    explain();
    ["mousedown", "wheel", "touchstart", "keydown"].forEach((kind) => frame.addEventListener(
      kind, () => { touched = true; }, { passive: true, capture: true }));
    const again = () => { spread(); degrees(); mark(); refresh(); };
    // A page that brings the style sheets after the scripts changes every size once they are there.
    const styled = (act, tries = 100) => {
      act();
      const there = getComputedStyle(frame).getPropertyValue("--paper") !== "";
      if (!there && tries > 0) setTimeout(() => styled(act, tries - 1), 50);
    };
    arrows();
    styled(() => { look(); map.invalidateSize({ animate: false, pan: false }); fit(); again(); });
    map.on("zoomend moveend", again);
    if (many) many.on("animationend spiderfied unspiderfied", () => { mark(); refresh(); });
    new ResizeObserver(() => {
      map.invalidateSize({ animate: false, pan: false });
      fitAgain();
    }).observe(frame);
    frame.dataset.drawn = String(markers.length);
  };
})();
