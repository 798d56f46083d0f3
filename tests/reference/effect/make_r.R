# Made r.json: R 4.2.2, stats and nlme, on series drawn here. Rscript make_r.R > r.json
library(jsonlite)
library(nlme)
set.seed(20240401)

ar1 <- lapply(list(c(24, 12, 0.6), c(60, 30, 0.3), c(48, 30, -0.4)), function(case) {
  n <- case[1]; changed <- case[2]
  at <- sort(sample(0:(n + 5), n)) # a few periods are missing
  y <- 50 + as.numeric(arima.sim(list(ar = case[3]), n)) * 3 - 5 * (at >= changed)
  d <- data.frame(y, at, since = at - changed, step = as.numeric(at >= changed), bend = pmax(at - changed, 0))
  fit <- gls(y ~ since + step + bend, d, correlation = corAR1(form = ~at), method = "REML",
             control = glsControl(tolerance = 1e-12, msTol = 1e-14, msMaxIter = 500))
  list(periods = at, values = y, changed_at = changed, beta = unname(coef(fit)),
       errors = unname(sqrt(diag(vcov(fit)))), phi = unname(coef(fit$modelStruct$corStruct, unconstrained = FALSE)),
       log_restricted_likelihood = as.numeric(logLik(fit)))
})

welch <- lapply(list(c(12, 9), c(24, 6), c(5, 40)), function(n) {
  before <- rnorm(n[1], 20, 3); after <- rnorm(n[2], 18, 5)
  test <- t.test(after, before)
  list(before = before, after = after, change = unname(diff(rev(test$estimate))), error = test$stderr,
       degrees = unname(test$parameter), interval = as.numeric(test$conf.int))
})

side <- function(k, rate) {
  n <- round(runif(k, 20, 90)); y <- rbinom(k, n, rate) / n
  fit <- summary(lm(y ~ 1, weights = n))
  list(values = y, weights = n, mean = fit$coefficients[1, 1], error = fit$coefficients[1, 2])
}
weighted <- list(before = side(12, 0.4), after = side(10, 0.3))

# Mean of two normal scores with correlation r, given that the first is at or beyond a cut-off: by integration.
drift <- lapply(list(c(10, 6, 0.7, 20), c(50, 10, 0.4, 55), c(0, 1, 0.9, 6)), function(p) {
  top <- integrate(function(x) x * dnorm(x, p[1], p[2]), p[4], p[4] + 12 * p[2], rel.tol = 1e-12)$value
  share <- integrate(function(x) dnorm(x, p[1], p[2]), p[4], p[4] + 12 * p[2], rel.tol = 1e-12)$value
  list(mean = p[1], sd = p[2], retest = p[3], cutoff = p[4], change = (1 - p[3]) * (p[1] - top / share))
})

# Matched: exact strata, weights of those after, variances pooled within strata, by hand in R.
after <- data.frame(y = rnorm(40, 8, 2), s = sample(letters[1:4], 40, TRUE))
before <- data.frame(y = rnorm(70, 10, 3), s = sample(letters[2:5], 70, TRUE))
both <- intersect(after$s, before$s)
a <- subset(after, s %in% both); b <- subset(before, s %in% both)
n <- table(a$s); m <- table(b$s); w <- n / sum(n)
va <- sigma(lm(y ~ s, a))^2; vb <- sigma(lm(y ~ s, b))^2
matched <- list(after = after, before = before, unmatched = sum(!after$s %in% both),
                change = sum(w * (tapply(a$y, a$s, mean) - tapply(b$y, b$s, mean))),
                error = sqrt(va * sum(w^2 / n) + vb * sum(w^2 / m)))

cat(toJSON(list(made_by = R.version.string, ar1 = ar1, welch = welch, weighted = weighted, drift = drift,
                matched = matched), auto_unbox = TRUE, digits = NA, dataframe = "columns"))
