# Made r.json: base R 4.2.2 (stats) on series drawn here. Rscript make_r.R > r.json
# Every formula is written out from its source, independently of outcomestats.
library(jsonlite)
set.seed(20240401)

anhoej <- function(y) {
  side <- sign(y - median(y))
  side <- side[side != 0]
  n <- length(side)
  lengths <- rle(side)$lengths
  list(values = y, n_useful = n, longest = max(lengths), longest_allowed = round(log2(n)) + 3,
       crossings = length(lengths) - 1, crossings_least = qbinom(0.05, n - 1, 0.5))
}
runs <- lapply(1:30, function(i) {
  y <- round(rnorm(10 + 2 * i), 2)
  if (i %% 3 == 0) y <- sort(y)
  if (i %% 3 == 1) y <- round(as.numeric(filter(y, 0.8, method = "recursive")), 2)
  anhoej(y)
})

screened <- function(z) {
  mr <- abs(diff(z))
  mean(mr[mr < 3.267 * mean(mr)])
}
t_chart <- function(y) {
  z <- y^(1 / 3.6)
  s <- 2.66 / 3 * screened(z)
  list(values = y, centre = mean(z)^3.6, upper = (mean(z) + 3 * s)^3.6, lower = max(0, mean(z) - 3 * s)^3.6)
}
times <- lapply(c(15, 40), function(n) t_chart(round(rexp(n, 1 / 30), 1) + 0.1))

g_chart <- function(y) {
  m <- mean(y)
  list(values = y, centre = median(y), upper = m + 3 * sqrt(m * (m + 1)), lower = max(0, m - 3 * sqrt(m * (m + 1))))
}
between <- lapply(c(15, 40), function(n) g_chart(rgeom(n, 0.05)))

laney <- function(count, size, variance) {
  centre <- sum(count) / sum(size)
  s <- sqrt(variance(centre) / size)
  z <- (count / size - centre) / s
  list(values = count, denominators = size, centre = centre,
       upper = centre + 3 * s * screened(z) / 1.128, upper_unscreened = centre + 3 * s * mean(abs(diff(z))) / 1.128)
}
size <- round(runif(30, 300, 900))
primes <- list(p = laney(rbinom(30, size, 0.3), size, function(c) c * (1 - c)),
               u = laney(rpois(30, 0.2 * size * rgamma(30, 9, 9)), size, function(c) c))

n <- 2:60
c4 <- sqrt(2 / (n - 1)) * exp(lgamma(n / 2) - lgamma((n - 1) / 2))
ranges <- ptukey(seq(0, 12, 0.001), 2, Inf) # the distribution of the range of two gives d2 = its mean
d2 <- sum(1 - ranges) * 0.001 - 0.0005
cat(toJSON(list(made_by = R.version.string, runs = runs, times = times, between = between, primes = primes,
                c4 = list(n = n, c4 = c4), d2_of_two = d2), auto_unbox = TRUE, digits = NA))
