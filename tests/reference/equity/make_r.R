# Made r.json: R 4.2.2 stats, and metafor 3.8-1 (Debian r-cran-metafor). Rscript make_r.R > r.json
library(jsonlite)
suppressMessages(library(metafor))
set.seed(20240401)

wilson <- lapply(list(c(0, 20), c(20, 20), c(81, 263), c(1, 29), c(500, 1200)), function(p)
  list(events = p[1], total = p[2], limits = as.numeric(prop.test(p[1], p[2], correct = FALSE)$conf.int)))

pairs <- lapply(1:20, function(i) {
  n <- sample(5:300, 2); x <- rbinom(2, n, c(0.3, 0.4)); x[2] <- max(x[2], 1)
  w <- sapply(1:2, function(j) prop.test(x[j], n[j], correct = FALSE)$conf.int)
  p <- x / n; l <- w[1, ]; u <- w[2, ]
  list(events = x, totals = n, p_value = suppressWarnings(prop.test(x, n, correct = FALSE))$p.value,
       difference = c(p[1] - p[2] - sqrt((p[1] - l[1])^2 + (u[2] - p[2])^2),
                      p[1] - p[2] + sqrt((u[1] - p[1])^2 + (p[2] - l[2])^2)),
       ratio = c((p[1] * p[2] - sqrt((p[1] * p[2])^2 - l[1] * u[2] * (2 * p[1] - l[1]) * (2 * p[2] - u[2]))) /
                   (u[2] * (2 * p[2] - u[2])),
                 (p[1] * p[2] + sqrt((p[1] * p[2])^2 - u[1] * l[2] * (2 * p[1] - u[1]) * (2 * p[2] - l[2]))) /
                   (l[2] * (2 * p[2] - l[2]))))
})

p <- c(runif(15)^3, 0.02, 0.02, 0, 1)
discovery <- list(p = p, bh = p.adjust(p, "BH"), by = p.adjust(p, "BY"))

many <- lapply(c(3, 8), function(k) {
  n <- sample(40:400, k); x <- rbinom(k, n, 0.4)
  list(events = x, totals = n, p_value = prop.test(x, n, correct = FALSE)$p.value,
       index = 100 * mean(abs(x / n - sum(x) / sum(n))) / (sum(x) / sum(n)))
})

strata <- lapply(c(1, 4, 30), function(k) {
  n1 <- sample(3:60, k, TRUE); n0 <- sample(3:90, k, TRUE)
  x1 <- rbinom(k, n1, 0.3); x0 <- rbinom(k, n0, 0.45)
  fit <- function(measure) rma.mh(measure = measure, ai = x1, bi = n1 - x1, ci = x0, di = n0 - x0, drop00 = FALSE)
  rd <- fit("RD"); rr <- fit("RR")
  list(events = I(x1), totals = I(n1), reference_events = I(x0), reference_totals = I(n0),
       absolute = c(rd$beta, rd$ci.lb, rd$ci.ub), relative = exp(c(rr$beta, rr$ci.lb, rr$ci.ub)))
})
cat(toJSON(list(made_by = paste(R.version.string, "metafor", packageVersion("metafor")), wilson = wilson, pairs = pairs,
                discovery = discovery, many = many, strata = strata), auto_unbox = TRUE, digits = NA))
