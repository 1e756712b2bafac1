// The measuring tool: straight lines on the WGS-84 ellipsoid, as every distance of the app.
(() => {
  // Vincenty's inverse formula; within a millimetre except for places nearly opposite on the
  // globe, where it does not come to an end: NaN.
  const metres = (from, to) => {
    const [a, f] = [6378137, 1 / 298.257223563];
    const b = a * (1 - f);
    const rad = Math.PI / 180;
    const u1 = Math.atan((1 - f) * Math.tan(from.lat * rad));
    const u2 = Math.atan((1 - f) * Math.tan(to.lat * rad));
    const l = L.Util.wrapNum(to.lng - from.lng, [-180, 180], true) * rad;
    const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
    let lambda = l;
    for (let step = 0; step < 200; step++) {
      const [sl, cl] = [Math.sin(lambda), Math.cos(lambda)];
      const ss = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl);
      if (ss === 0) return 0;
      const cs = s1 * s2 + c1 * c2 * cl;
      const sigma = Math.atan2(ss, cs);
      const sa = (c1 * c2 * sl) / ss;
      const ca2 = 1 - sa * sa;
      const cm = ca2 === 0 ? 0 : cs - (2 * s1 * s2) / ca2;
      const c = (f / 16) * ca2 * (4 + f * (4 - 3 * ca2));
      const turn = sigma + c * ss * (cm + c * cs * (2 * cm * cm - 1));
      const next = l + (1 - c) * f * sa * turn;
      if (Math.abs(next - lambda) < 1e-12) {
        const k = (ca2 * (a * a - b * b)) / (b * b);
        const big = 1 + (k / 16384) * (4096 + k * (k * (320 - 175 * k) - 768));
        const small = (k / 1024) * (256 + k * (k * (74 - 47 * k) - 128));
        const last = (small / 6) * cm * (4 * ss * ss - 3) * (4 * cm * cm - 3);
        const delta = small * ss * (cm + (small / 4) * (cs * (2 * cm * cm - 1) - last));
        return b * big * (sigma - delta);
      }
      lambda = next;
    }
    return NaN;
  };

  // Let clicks on the map set points, and tell the way between them in a box.
  const tool = (map, button, told) => {
    const drawn = L.layerGroup();
    const box = L.control({ position: "topleft" });
    let points = [];
    box.onAdd = () => {
      const div = L.DomUtil.create("div", "caremap-box");
      div.setAttribute("role", "status");
      L.DomEvent.disableClickPropagation(div);
      return div;
    };
    const draw = () => {
      drawn.clearLayers();
      let whole = 0;
      const legs = points.slice(1).map((point, at) => metres(points[at], point) / 1000);
      legs.forEach((leg) => { whole += leg; });
      L.polyline(points, { color: "#b0166a", weight: 3, interactive: false }).addTo(drawn);
      points.forEach((point) => L.circleMarker(point, {
        radius: 4, color: "#b0166a", fillOpacity: 1, interactive: false }).addTo(drawn));
      const said = !legs.length ? "Measure: click on two places, straight lines."
        : Number.isNaN(whole) ? "Too far apart to measure here."
          : legs.length === 1 ? told(whole) : `${told(whole)} in ${legs.length} straight lines`;
      box.getContainer().replaceChildren(said, L.DomUtil.create("br"));
      for (const [words, act] of [["Start again", () => { points = []; draw(); }],
        ["Done", () => turn(false)]]) {
        const one = L.DomUtil.create("button", "", box.getContainer());
        one.type = "button";
        one.textContent = words;
        one.addEventListener("click", act);
      }
    };
    const add = (point) => { points.push(point); draw(); };
    const onMap = (event) => add(event.latlng);
    const turn = (on) => {
      self.on = on;
      points = [];
      button.classList.toggle("caremap-on", on);
      button.setAttribute("aria-pressed", String(on));
      map.getContainer().classList.toggle("caremap-measuring", on);
      map[on ? "on" : "off"]("click", onMap);
      map.doubleClickZoom[on ? "disable" : "enable"]();
      if (on) {
        drawn.addTo(map);
        box.addTo(map);
        draw();
      } else {
        drawn.remove();
        box.remove();
      }
    };
    const self = { on: false, add, turn };
    return self;
  };

  window.caremapMeasure = { metres, tool };
})();
