/* The impact of an application drawn by steps away; the list beneath says the same without this file. */
"use strict";

(function () {
  const place = document.querySelector("[data-impact]");
  if (!place || !window.echarts) return;
  const graph = JSON.parse(document.getElementById(place.dataset.impact).textContent);
  place.hidden = false;

  const style = getComputedStyle(document.documentElement);
  const colour = function (name) { return style.getPropertyValue(name).trim(); };
  /* colours of the theme may be light-dark(): the browser resolves them on an element */
  const probe = document.createElement("span");
  place.appendChild(probe);
  const resolved = function (name) { probe.style.color = colour(name); return getComputedStyle(probe).color; };
  const ink = resolved("--c-ink"), second = resolved("--c-ink-2"), line = resolved("--c-line-strong");
  const primary = resolved("--c-link"), surface = resolved("--c-surface");
  probe.remove();

  const columns = [];
  graph.nodes.forEach(function (node) { (columns[node.depth] = columns[node.depth] || []).push(node); });
  const filled = columns.filter(Boolean);
  const tallest = Math.max.apply(null, filled.map(function (column) { return column.length; }));
  const narrow = window.matchMedia("(max-width: 767.98px)").matches;

  /* wide: one column for each step; narrow: one line for each application, set in by its steps */
  const height = narrow ? graph.nodes.length * 40 + 32 : Math.max(200, tallest * 56 + 64);
  place.style.height = height + "px";
  const width = place.clientWidth;
  const points = [];
  filled.forEach(function (column, step) {
    column.forEach(function (node, order) {
      const spread = (width - 220) / Math.max(filled.length - 1, 1);
      points.push({
        id: node.id,
        name: node.name,
        x: narrow ? 24 + step * 32 : 40 + step * spread,
        y: narrow ? 32 + points.length * 40 : height / 2 + (order - (column.length - 1) / 2) * 56,
        symbolSize: node.depth ? 16 : 24,
        itemStyle: { color: node.depth ? surface : primary, borderColor: primary, borderWidth: 2 },
        label: { fontWeight: node.depth ? "normal" : "bold" },
        office: node.office,
        key: node.key
      });
    });
  });
  /* two corners nobody sees hold the scale at one pixel for one */
  const corner = function (id, x, y) { return { id: id, name: "", x: x, y: y, symbolSize: 0, silent: true, label: { show: false } }; };
  points.push(corner("start", 0, 0), corner("end", width, height));

  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    /* drawn on the canvas: a tooltip made of HTML would bring styles of its own */
    tooltip: { renderMode: "richText", formatter: function (one) { return one.dataType === "node" ? one.data.name + "\n" + one.data.office : ""; } },
    series: [{
      type: "graph",
      layout: "none",
      roam: false,
      left: 0,
      right: 0,
      top: 0,
      bottom: 0,
      data: points,
      links: graph.links.map(function (tie) {
        return { source: tie.source, target: tie.target, lineStyle: { type: tie.how === "data" ? "solid" : tie.how === "shared" ? "dashed" : "dotted" } };
      }),
      edgeSymbol: ["none", "arrow"],
      edgeSymbolSize: 8,
      lineStyle: { color: line, width: 1.5, curveness: narrow ? 0.25 : 0.06 },
      label: { show: true, position: "right", color: ink, fontSize: 12, width: 140, overflow: "truncate", textBorderColor: surface, textBorderWidth: 3 },
      emphasis: { focus: "adjacency", lineStyle: { color: second } }
    }]
  });
  chart.on("click", function (one) { if (one.dataType === "node" && one.data.key) window.location.assign("/aplikasi/" + one.data.key + "/"); });
  window.addEventListener("resize", function () { chart.resize(); });
})();
