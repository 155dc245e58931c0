WEEKDAYS <- c("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MAX_DAYS_BY_HOUR <- 31L
# More columns than that are too thin to be pressed, and drawn as areas.
MAX_COLUMNS <- 62L

mod_trends_ui <- function(id) {
  ns <- NS(id)
  page(
    id, tagList("What happens when.", textOutput(ns("grain"), inline = TRUE)),
    own_controls = tagList(
      switch_control("grain", "Show by", c(hour = "Hour", day = "Day", week = "Week")),
      choice_control("event", "Event", all = "All events")
    ),
    panel_ui(
      ns("events"), "Events",
      "Not split by channel or device. Press the column of a day or a week to look into it.",
      size = "wide", height = 320
    ),
    panel_ui(
      ns("week"), "The hours of the week",
      "Events an hour, on the average day. Not split by channel or device. The last day may not be over.",
      height = 320
    ),
    panel_ui(ns("login"), "Events by log-in state", "Not split by channel or device.", height = 320),
    panel_ui(
      ns("visitors"), "New and returning",
      "Sessions, on the day when they began: never by hour. Any event.", height = 320
    ),
    panel_ui(
      ns("channels"), "Sessions by channel", "On the day when they began: never by hour. Any event.",
      height = 320
    )
  )
}

mod_trends_server <- function(id, filters, ask) {
  stopifnot(is.reactive(filters))
  moduleServer(id, function(input, output, session) {
    grain <- reactive(grain_of(filters()))
    output$grain <- quiet_text(function() grain_sentence(filters()$grain, grain()))

    zoom <- function(grain) {
      function(place) {
        days <- days_within(place, grain())
        if (!is.null(days)) do.call(go_to, days)
      }
    }
    events_split <- function(split) {
      gaps_filled(events_over_time(ask, modifyList(filters(), list(grain = grain())), split), "name")
    }
    events_columns <- function(title) {
      list(place = place_column(grain()), name = text_column(title), event_count = number_column("Events"))
    }
    events_chart <- function(about) {
      function(events) {
        stacked_chart(events, "place", "name", "event_count", about, type = columns_or_areas(events$place))
      }
    }
    panel_server(
      "events", reactive(events_split("event_name")), columns = function() events_columns("Event"),
      chart = events_chart("Events by name over time"), on_click = zoom(grain)
    )
    panel_server(
      "login", reactive(events_split("user_login_state")),
      columns = function() events_columns("Log-in state"),
      chart = events_chart("Events by log-in state over time"), on_click = zoom(grain)
    )
    panel_server(
      "week", reactive(week_of(events_by_weekday_and_hour(ask, filters()))),
      columns = list(
        weekday = text_column("Weekday"), hour = text_column("Hour"),
        average = number_column("Events on average", 1), event_count = number_column("Events"),
        day_count = number_column("Days")
      ),
      chart = function(hours) week_chart(hours, "average", "Events by weekday and hour, on average")
    )

    by_day <- reactive(if (grain() == "week") "week" else "day")
    sessions <- reactive({
      gaps_filled(sessions_over_time(ask, modifyList(filters(), list(grain = by_day()))), "channel")
    })
    panel_server(
      "visitors", reactive(new_and_returning(sessions())),
      columns = function() {
        list(
          place = place_column(by_day()), new = number_column("New"), returning = number_column("Returning"),
          new_share = percent_column("Share of new")
        )
      },
      chart = function(days) {
        column_chart(
          days, "place", c(new = "New", returning = "Returning"), "Sessions of new and of returning visitors",
          stack = TRUE
        )
      },
      on_click = zoom(by_day)
    )
    panel_server(
      "channels", sessions,
      columns = function() {
        list(
          place = place_column(by_day()), channel = text_column("Channel"),
          session_count = number_column("Sessions")
        )
      },
      chart = function(days) {
        stacked_chart(
          days, "place", "channel", "session_count", "Sessions by channel over time",
          type = columns_or_areas(days$place), most = 5
        )
      },
      on_click = zoom(by_day)
    )
  })
}

# By hour a long period would be a thousand columns.
grain_of <- function(filters) {
  days <- as.integer(filters$to - filters$from) + 1L
  if (filters$grain == "hour" && days > MAX_DAYS_BY_HOUR) "day" else filters$grain
}

grain_sentence <- function(asked, shown) {
  if (asked != shown) {
    return(sprintf("By hour only up to %d days: this period is shown by day.", MAX_DAYS_BY_HOUR))
  }
  if (shown == "week") "Weeks begin on Monday; the first and the last may not be whole." else ""
}

# A gap gets a name of the others, so that charts have a place for it; only gaps are nothing.
gaps_filled <- function(data, by) {
  gap <- is.na(data[[by]])
  if (all(gap)) return(data[0, ])
  data[[by]][gap] <- data[[by]][!gap][1]
  data
}

week_of <- function(hours) {
  if (sum(hours$event_count) == 0) return(hours[0, ])
  transform(
    hours,
    weekday = WEEKDAYS[weekday], hour = sprintf("%02d", hour), average = share_of(event_count, day_count)
  )
}

new_and_returning <- function(sessions) {
  sums <- rowsum(sessions[c("session_count", "new_visitor_count")], sessions$place)
  data.frame(
    place = rownames(sums),
    new = sums$new_visitor_count,
    returning = sums$session_count - sums$new_visitor_count,
    new_share = share_of(sums$new_visitor_count, sums$session_count)
  )
}

# What a pressed column leads to: a week's days, a day's hours.
days_within <- function(place, grain) {
  if (!is_day(place) || !grain %in% c("week", "day")) return(NULL)
  last <- as.Date(place) + if (grain == "week") 6 else 0
  list(from = place, to = format(last), period = "", grain = if (grain == "week") "day" else "hour")
}

columns_or_areas <- function(places) if (length(unique(places)) <= MAX_COLUMNS) "bar" else "line"

place_column <- function(grain) {
  switch(grain, hour = text_column("Hour"), week = day_column("Week of"), day_column("Day"))
}
