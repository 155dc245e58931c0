# The frame around the pages: menu, controls that every page shares, freshness, and the page itself.

page_frame <- function(...) {
  # Nothing may come from another host, whatever a page would say. Shiny itself evaluates and writes scripts.
  policy <- paste(
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline';",
    "img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'"
  )
  frame <- tagList(
    tags$head(
      tags$meta(`http-equiv` = "Content-Security-Policy", content = policy),
      tags$meta(name = "viewport", content = "width=device-width, initial-scale=1"),
      tags$title("Clickmart"),
      tags$link(rel = "icon", href = "icon.svg", type = "image/svg+xml"),
      tags$script(src = "theme.js"),
      tags$link(rel = "stylesheet", href = "app.css"),
      tags$link(rel = "stylesheet", href = "panels.css"),
      tags$script(src = "vendor/echarts.min.js", defer = NA),
      tags$script(src = "chart.js", defer = NA),
      tags$script(src = "app.js", defer = NA)
    ),
    # Written once, not anew for everybody who comes.
    HTML(as.character(body_frame(...)))
  )
  structure(frame, lang = "en")
}

body_frame <- function(...) {
  tagList(
    tags$a(class = "skip", href = "#main", "Skip to the numbers"),
    top_bar(),
    menu(),
    tags$main(
      id = "main", tabindex = "-1",
      tags$div(
        id = "gone", role = "alert", hidden = NA,
        "The dashboards have stopped. This page loads again as soon as they answer."
      ),
      controls(),
      ...
    )
  )
}

top_bar <- function() {
  tags$header(
    class = "top",
    tags$button(
      type = "button", class = "tool menu-button", `data-do` = "menu", `aria-expanded` = "false",
      `aria-controls` = "menu", "Menu"
    ),
    tags$span(class = "brand", tags$img(src = "icon.svg", alt = "", width = 22, height = 22), "Clickmart"),
    tags$div(class = "freshness", uiOutput("freshness", inline = TRUE)),
    tags$button(type = "button", class = "tool", `data-do` = "link", tags$span("Copy link")),
    tags$button(
      type = "button", class = "tool", `data-do` = "theme", title = "Light or dark",
      tags$span(`aria-hidden` = "true", "\u25d0"), tags$span(class = "unseen", "Light or dark")
    )
  )
}

menu <- function() {
  tags$nav(
    id = "menu", class = "menu", `aria-label` = "Pages",
    tags$ul(Map(function(page, title) {
      tags$li(tags$a(href = paste0("?page=", page), `data-page` = page, title))
    }, names(PAGES), unname(PAGES)))
  )
}

# Each control writes the address; `on` names the pages whose numbers it changes.
controls <- function() {
  every_period <- "overview trends journeys funnel products marketing health events"
  tags$form(
    class = "controls", `aria-label` = "Filters", onsubmit = "return false",
    control("period", "Period", on = every_period, tags$select(
      id = "period", tags$option(value = "", "Chosen days"),
      Map(function(value, title) tags$option(value = value, title), names(PERIODS), unname(PERIODS))
    )),
    control("from", "From", on = every_period, tags$input(id = "from", type = "date")),
    control("to", "To", on = every_period, tags$input(id = "to", type = "date")),
    choice_control("compare", "Compare with", on = "overview", given = COMPARISONS),
    choice_control("channel", "Channel", on = "overview trends funnel marketing", all = "All channels"),
    choice_control("device", "Device", on = "overview trends funnel", all = "All devices"),
    choice_control("login", "Log-in state", on = "overview trends funnel", all = "All visitors"),
    choice_control("category", "Category", on = "products", all = "All categories"),
    tags$button(
      type = "button", class = "tool", `data-do` = "clear", `data-on` = "overview trends funnel products marketing",
      "Clear filters"
    )
  )
}

control <- function(id, title, on, input) {
  tags$div(class = "control", `data-on` = on, tags$label(`for` = id, title), input)
}

# A select that writes the address. Its choices are `given`, or come from the warehouse.
choice_control <- function(name, title, on = NULL, all = NULL, given = NULL) {
  id <- paste0("choice-", name)
  control(id, title, on, tags$select(
    id = id, `data-param` = name,
    if (!is.null(all)) tags$option(value = "", `data-all` = NA, all),
    Map(function(value, title) tags$option(value = value, title), names(given), unname(given))
  ))
}

text_control <- function(name, title, hint = NULL) {
  id <- paste0("choice-", name)
  control(id, title, NULL, tags$input(
    id = id, type = "search", `data-param` = name, placeholder = hint, maxlength = MAX_TEXT[[name]],
    autocomplete = "off"
  ))
}

# Buttons of which one is pressed: the first of the parameter's words, where the address says nothing.
switch_control <- function(name, title, given) {
  usual <- WORDS[[name]][1]
  label <- paste0("switch-", name, "-", length(given))
  tags$div(
    class = "control wide", role = "group", `aria-labelledby` = label,
    tags$span(id = label, class = "label", title),
    tags$div(class = "switch", Map(function(value, text) {
      tags$button(
        type = "button", class = "tool", `data-param` = name, `data-first` = usual, value = value,
        `aria-pressed` = if (value == usual) "true" else "false", text
      )
    }, names(given), unname(given)))
  )
}

# A page: its title, one sentence, its own controls, its panels, and what its numbers mean.
page <- function(id, about, ..., own_controls = NULL) {
  name <- unname(PAGES[id])
  tags$section(
    id = paste0("page-", id), class = "page", hidden = NA, `aria-labelledby` = paste0("title-", id),
    tags$div(class = "page-head", tags$h1(id = paste0("title-", id), name), tags$p(about)),
    if (!is.null(own_controls)) tags$div(class = "controls own", own_controls),
    tags$div(class = "panels", ...),
    definitions_ui(id)
  )
}
