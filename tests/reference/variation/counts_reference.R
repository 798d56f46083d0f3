# Makes counts.json beside this file: R's own exact intervals, mid-P tails, BH adjustment, and the SHMI and CQC
# over-dispersion written out from their published formulas. Run from this folder: Rscript counts_reference.R
library(jsonlite)
set.seed(11)
units <- 60
expected <- round(runif(units, 2, 120), 2)
observed <- rpois(units, expected * exp(rnorm(units, 0, 0.25)))
observed[c(5, 17)] <- 0
people <- round(expected * 4) + 1
recovered <- rbinom(units, people, plogis(rnorm(units, 0, 0.4)))

garwood <- t(sapply(observed, function(o) poisson.test(o)$conf.int))
target <- sum(recovered) / sum(people)
mid_poisson <- ppois(observed - 1, expected) + dpois(observed, expected) / 2
mid_binomial <- pbinom(recovered - 1, people, target) + dbinom(recovered, people, target) / 2
two_sided <- 2 * pmin(mid_binomial, 1 - mid_binomial)

tau2_of <- function(n, phi, s) {
  w <- 1 / s^2
  max(0, (n * phi - (n - 1)) / (sum(w) - sum(w^2) / sum(w)))
}
winsorised <- function(z) pmin(pmax(z, quantile(z, 0.1)), quantile(z, 0.9))

# SHMI: log scale, outer tenths by rank left out; half an event where there was none.
z <- sqrt(expected) * log(ifelse(observed > 0, observed, 0.5) / expected)
tenth <- floor(rank(z) * 10 / (units + 1))
kept <- tenth > 0 & tenth < 9
shmi_phi <- mean(z[kept]^2)
shmi_tau2 <- tau2_of(sum(kept), shmi_phi, (1 / sqrt(expected))[kept])
shmi_upper <- exp(qnorm(0.999) * sqrt(1 / expected + shmi_tau2))

# CQC: square-root scale, drawn in.
s <- 1 / (2 * sqrt(expected))
z <- winsorised((sqrt(observed / expected) - 1) / s)
cqc_phi <- mean(z^2)
cqc_tau2 <- tau2_of(units, cqc_phi, s)
cqc_upper <- (1 + qnorm(0.999) * sqrt(s^2 + cqc_tau2))^2

# Proportions: arcsine scale, drawn in.
s <- 1 / (2 * sqrt(people))
z <- winsorised((asin(sqrt(recovered / people)) - asin(sqrt(target))) / s)
arcsine_phi <- mean(z^2)
arcsine_tau2 <- tau2_of(units, arcsine_phi, s)
arcsine_upper <- sin(asin(sqrt(target)) + qnorm(0.999) * sqrt(s^2 + arcsine_tau2))^2

write_json(list(
  observed = observed, expected = expected, people = people, recovered = recovered,
  garwood_lower = garwood[, 1], garwood_upper = garwood[, 2], mid_poisson = mid_poisson,
  two_sided = two_sided, benjamini_hochberg = p.adjust(two_sided, "BH"), bonferroni = p.adjust(two_sided, "bonferroni"),
  shmi_phi = shmi_phi, shmi_tau2 = shmi_tau2, shmi_upper = shmi_upper,
  cqc_phi = cqc_phi, cqc_tau2 = cqc_tau2, cqc_upper = cqc_upper,
  arcsine_phi = arcsine_phi, arcsine_tau2 = arcsine_tau2, arcsine_upper = arcsine_upper
), "counts.json", digits = 15, auto_unbox = TRUE, pretty = FALSE)
