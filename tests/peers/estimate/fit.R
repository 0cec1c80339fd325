# Fits the Poisson log-linear models given on standard input, a line each:
# runs, lists, the cells by the bits of the lists, then ":" and pairs of lists
# that interact, from 1. A line each on standard output: the estimate of all
# people, and the median time of one fit in microseconds.
for (line in readLines(file("stdin"))) {
  halves <- strsplit(line, ":", fixed = TRUE)[[1]]
  numbers <- as.numeric(strsplit(trimws(halves[1]), " +")[[1]])
  runs <- numbers[1]
  lists <- numbers[2]
  counts <- numbers[-(1:2)]
  cells <- seq_len(2^lists - 1)
  table <- data.frame(counts = counts)
  for (i in seq_len(lists)) table[[paste0("l", i)]] <- bitwAnd(cells, 2^(i - 1)) > 0
  terms <- paste0("l", seq_len(lists))
  if (length(halves) > 1 && nchar(trimws(halves[2])) > 0) {
    pairs <- matrix(as.numeric(strsplit(trimws(halves[2]), " +")[[1]]), nrow = 2)
    terms <- c(terms, apply(pairs, 2, function(p) paste0("l", p[1], ":l", p[2])))
  }
  formula <- reformulate(terms, response = "counts")
  fit <- function() glm(formula, family = poisson, data = table)
  total <- sum(counts) + exp(coef(fit())[[1]])
  times <- numeric(runs)
  for (run in seq_len(runs)) {
    started <- Sys.time()
    fit()
    times[run] <- as.numeric(Sys.time() - started, units = "secs")
  }
  cat(format(total, digits = 15), format(median(times) * 1e6, digits = 15), "\n")
}
