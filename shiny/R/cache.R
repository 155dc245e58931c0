# Answers are remembered for everybody until the data is newer; what failed is asked again.

answers <- cachem::cache_mem(max_size = 256 * 1024^2, max_age = 900)

remembered <- function(version, sql, values = list()) {
  key <- rlang::hash(list(version, sql, values))
  known <- answers$get(key)
  if (!cachem::is.key_missing(known)) return(known)
  answer <- ask_warehouse(sql, values)
  answers$set(key, answer)
  answer
}
