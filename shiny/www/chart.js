// Draws with ECharts what the functions of R/charts.R describe, in the colours of the page.
(() => {
  const charts = new Map();

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const palette = () => [1, 2, 3, 4, 5, 6, 7, 8].map((number) => colour(`--series-${number}`));

  const theme = () => {
    const ink = colour("--ink"), muted = colour("--muted"), line = colour("--line");
    const axis = {
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
      axisLabel: { color: muted, fontSize: 11, hideOverlap: true },
      splitLine: { lineStyle: { color: line } },
    };
    return {
      color: palette(),
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
      categoryAxis: { ...axis, splitLine: { show: false } },
      valueAxis: { ...axis, axisLine: { show: false } },
      legend: { textStyle: { color: muted }, type: "scroll", top: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10,
                pageTextStyle: { color: muted }, pageIconColor: muted },
      tooltip: { backgroundColor: colour("--surface"), borderColor: line, textStyle: { color: ink, fontSize: 12 },
                 confine: true },
      visualMap: { textStyle: { color: muted },
                   inRange: { color: [colour("--heat-low"), colour("--heat-high")] } },
      sankey: { label: { color: ink, fontSize: 11 }, itemStyle: { borderWidth: 0 } },
    };
  };

  const currency = () => document.documentElement.dataset.currency || "EUR";
  const writer = (options) => {
    const format = new Intl.NumberFormat("en", options);
    return (value) => (value === null || value === undefined || value === "-" ? "–" : format.format(value));
  };
  const seconds = (value) => {
    if (value === null || value === undefined) return "–";
    if (value < 60) return `${Math.round(value)} s`;
    if (value < 3600) return `${Math.round(value / 60)} min`;
    if (value < 172800) return `${(value / 3600).toFixed(1)} h`;
    return `${(value / 86400).toFixed(1)} days`;
  };
  const writers = (values) => ({
    number: { long: writer({ maximumFractionDigits: 2 }), short: writer({ notation: "compact" }) },
    percent: { long: writer({ style: "percent", maximumFractionDigits: 2 }), short: writer({ style: "percent", maximumFractionDigits: 1 }) },
    money: { long: writer({ style: "currency", currency: currency() }),
             short: writer({ style: "currency", currency: currency(), notation: "compact" }) },
    seconds: { long: seconds, short: seconds },
  })[values];

  // A day is written short on an axis; the year only where it begins.
  const place = (text) => {
    const day = /^(\d{4})-(\d{2})-(\d{2})( \d{2}:\d{2})?$/.exec(text);
    if (!day) return text.length > 28 ? `${text.slice(0, 27)}…` : drawable(text);
    const date = new Date(Date.UTC(day[1], day[2] - 1, day[3]));
    const short = date.toLocaleDateString("en", { day: "numeric", month: "short", timeZone: "UTC" });
    return day[4] ? `${short}${day[4]}` : short;
  };

  // ECharts remembers how wide a text is in a plain object, where `constructor` and `__proto__` stand already:
  // it would write into what all objects share. Nobody sees what tells these texts from them.
  const drawable = (text) => (text in Object.prototype ? `${text}\u200b` : text);

  // What people typed stays text wherever ECharts would take it for HTML.
  const plain = (text) => echarts.format.encodeHTML(String(text));

  const tooltip = (write, points) => {
    const rows = points.filter((point) => point.value !== null && point.value !== undefined)
      .map((point) => `${point.marker || ""}${plain(point.seriesName)}&ensp;<b>${plain(write(point.value))}</b>`);
    return [`<span class="tip">${plain(points[0].axisValueLabel || points[0].name)}</span>`, ...rows].join("<br>");
  };

  const itemTooltip = (write, point) => {
    const value = numberOf(point);
    if (point.dataType === "edge") {
      return `${plain(label(point.data.source))} → ${plain(label(point.data.target))}<br><b>${plain(write(value))}</b>`;
    }
    return `${plain(label(point.name || point.seriesName))}<br><b>${plain(write(value))}</b>`;
  };

  // The nodes of a flow are told apart by their layer, which stands behind a tab.
  const label = (name) => String(name).split("\t")[0];

  // What a screen reader says: what it is, and how large. The table beside the chart has every number.
  const described = (about, series, write) => {
    const lines = series.filter((series) => !series.silent).slice(0, 8).map((series) => {
      const numbers = (series.links || series.data).map(numberOf).filter(Number.isFinite);
      if (numbers.length === 0) return "";
      const span = [Math.min(...numbers), Math.max(...numbers)].map(write.long).join(" to ");
      return `${series.name ? `${series.name}: ` : ""}${numbers.length} values from ${span}.`;
    });
    return [`${about}.`, ...lines, "The table has every number."].filter(Boolean).join(" ");
  };
  const numberOf = (item) => {
    const value = item !== null && typeof item === "object" && !Array.isArray(item) ? item.value : item;
    return Array.isArray(value) ? value[value.length === 3 ? 2 : 0] : value;
  };

  // Many points come as columns, which are short to write, and become what ECharts reads.
  const rows = (columns) => {
    const names = Object.keys(columns);
    return columns[names[0]].map((_, place) => Object.fromEntries(names.map((name) => [name, columns[name][place]])));
  };
  const unfold = (series) => {
    if (series.links) series.links = rows(series.links);
    if (Array.isArray(series.data)) return;
    series.data = rows(series.data);
    if (series.type === "heatmap") {
      series.data = series.data.map(({ name, x, y, value }) => ({ name, value: [x, y, value] }));
    }
  };

  const complete = (spec) => {
    const write = writers(spec.values);
    const option = structuredClone(spec.option);
    option.series.forEach(unfold);
    const isCartesian = Boolean(option.xAxis);
    option.legend = { type: "scroll", show: false, formatter: drawable, ...option.legend };
    option.animation = false;
    option.aria = { enabled: true, label: { description: described(spec.about, option.series, write) } };
    if (isCartesian) {
      const hasLegend = option.legend.show;
      option.grid = { left: 14, right: 26, top: hasLegend ? 34 : 12, bottom: option.visualMap ? 44 : 4, containLabel: true };
      // Labels beside each other need more room than those above each other.
      if (option.xAxis.type === "value") option.xAxis.splitNumber = 4;
      for (const axis of [option.xAxis, option.yAxis]) {
        axis.axisLabel = axis.type === "value" ? { formatter: write.short } : { formatter: place };
      }
    }
    option.tooltip.formatter = option.tooltip.trigger === "axis"
      ? (points) => tooltip(write.long, points) : (point) => itemTooltip(write.long, point);
    if (option.visualMap) {
      option.visualMap.text = [write.short(option.visualMap.max), write.short(option.visualMap.min)];
    }
    option.series.forEach((series) => decorate(series, write));
    return option;
  };

  const decorate = (series, write) => {
    if (series.muted) {
      series.color = colour("--muted");
      series.z = 1;
    }
    if (series.main) series.color = colour("--series-1");
    if (series.alarming) series.color = colour("--alarm");
    if (series.type === "bar") series.itemStyle = { borderRadius: series.stack ? 0 : 3 };
    if (series.type === "sankey") {
      const colours = palette(), names = [...new Set(series.data.map((node) => label(node.name)))];
      series.data.forEach((node) => {
        node.itemStyle = { color: colours[names.indexOf(label(node.name)) % colours.length] };
      });
      series.label = { formatter: (point) => place(label(point.name)) };
    }
    if (series.type === "heatmap" && series.label.show) {
      series.label.formatter = (point) => write.short(point.value[2]);
    }
  };

  const draw = (element, spec) => {
    const chart = charts.get(element)?.chart || begin(element);
    chart.setOption(complete(spec), { notMerge: true });
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1;
    charts.set(element, { chart, spec });
  };

  const begin = (element) => {
    element.replaceChildren();
    element.setAttribute("role", "img");
    const chart = echarts.init(element, theme(), { renderer: "canvas" });
    chart.on("click", (point) => {
      const name = point.dataType === "edge" ? point.data.target : point.name;
      Shiny.setInputValue(`${element.id}_click`, label(name), { priority: "event" });
    });
    return chart;
  };

  const forget = (element) => {
    charts.get(element)?.chart.dispose();
    charts.delete(element);
    element.removeAttribute("role");
    element.removeAttribute("aria-label");
  };

  class ChartBinding extends Shiny.OutputBinding {
    find(scope) {
      return $(scope).find(".chart");
    }
    renderValue(element, spec) {
      this.clearError(element);
      if (spec) draw(element, spec);
    }
    renderError(element, error) {
      forget(element);
      const sentence = document.createElement("p");
      sentence.className = error.type && error.type.includes("validation") ? "sentence" : "sentence problem";
      sentence.textContent = error.message;
      element.replaceChildren(sentence);
    }
    clearError() {}
    resize(element) {
      charts.get(element)?.chart.resize();
    }
  }
  Shiny.outputBindings.register(new ChartBinding(), "clickmart.chart");

  new ResizeObserver(() => charts.forEach(({ chart }) => chart.resize())).observe(document.body);
  document.addEventListener("clickmart:theme", () => {
    for (const [element, { spec }] of [...charts]) {
      forget(element);
      draw(element, spec);
    }
  });
})();
