# Growth curves by lme4, and each person's whole slope with its prediction error from Henderson's equations.
# Writes growth.json beside itself, with the rows, so that no test needs R.
#
# Rscript make_growth.R        (R 4.2.2, lme4 1.1-31, HSAUR3 1.0-13, jsonlite)
suppressMessages({library(lme4); library(jsonlite)})
tight <- lmerControl(calc.derivs = FALSE, optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e5))

case <- function(name, d) {
  known <- "baseline" %in% names(d)
  d$b <- if (known) d$baseline - mean(d$baseline) else 0
  f <- if (known) score ~ time + b + (time | person) else score ~ time + (time | person)
  m <- suppressMessages(lmer(f, d, control = tight))
  # Henderson (1975): the inverse of the mixed model equations is the covariance of (beta-hat, u-hat - u).
  X <- as.matrix(getME(m, "X")); Z <- as.matrix(getME(m, "Z")); L <- as.matrix(getME(m, "Lambda"))
  K <- ncol(Z) / 2; p <- ncol(X)
  ZL <- Z %*% L
  big <- rbind(cbind(crossprod(X), crossprod(X, ZL)), cbind(crossprod(ZL, X), crossprod(ZL) + diag(ncol(ZL))))
  inverse <- sigma(m)^2 * solve(big)
  turn <- rbind(cbind(diag(p), matrix(0, p, ncol(ZL))), cbind(matrix(0, ncol(ZL), p), L))
  V <- turn %*% inverse %*% t(turn)
  place <- p + 2 * seq_len(K)
  whole <- sapply(place, function(at) { e <- rep(0, nrow(V)); e[2] <- 1; e[at] <- 1; sqrt(drop(e %*% V %*% e)) })
  found <- as.data.frame(ranef(m, condVar = TRUE)); found <- found[found$term == "time", ]
  list(
    name = name, person = d$person, time = d$time, score = d$score,
    baseline = if (known) d$baseline else NULL,
    criterion = REMLcrit(m), estimate = unname(fixef(m)), covariance = unname(as.matrix(vcov(m))),
    variance = unname(matrix(as.numeric(VarCorr(m)$person), 2)), sigma2 = sigma(m)^2,
    people = as.integer(as.character(found$grp)), level = unname(coef(m)$person[, 1]),
    slope = unname(coef(m)$person[, "time"]), slope_sd = whole,
    from_mean = found$condval, from_mean_sd = found$condsd, singular = isSingular(m)
  )
}

# Proudfoot et al. (2003), Psychological Medicine 33, 217-227: the Beck inventory of 100 people before, and 2, 3, 5 and
# 8 months on, of whom half have no score at the end. As kept in HSAUR3.
blues <- function() {
  data(BtheB, package = "HSAUR3")
  months <- c(2, 3, 5, 8)
  long <- data.frame(
    person = rep(seq_len(nrow(BtheB)), each = 4), time = rep(months, nrow(BtheB)),
    score = c(t(as.matrix(BtheB[, c("bdi.2m", "bdi.3m", "bdi.5m", "bdi.8m")]))),
    baseline = rep(BtheB$bdi.pre, each = 4)
  )
  long[!is.na(long$score), ]
}

d <- sleepstudy; names(d) <- c("score", "time", "person"); d$person <- as.integer(as.character(d$person))
sessions <- function(n, seed, slope_sd, level_sd = 4, alike = FALSE) {
  set.seed(seed)
  k <- sample(2:9, n, TRUE); person <- rep(seq_len(n), k)
  week <- unlist(lapply(k, function(each) sort(sample(0:20, each))))
  baseline <- round(rnorm(n, 16, 4))
  u <- rnorm(n, 0, level_sd); v <- rnorm(n, 0, slope_sd)
  score <- 14 + 0.6 * (baseline[person] - 16) + u[person] - (2 + v[person]) * log1p(week) + rnorm(length(week), 0, 2.5)
  data.frame(person = person, time = log1p(week), score = round(score), baseline = baseline[person])
}
write_json(
  list(
    case("sleepstudy", d),
    case("sessions, baseline", sessions(120, 2, 1.2)),
    case("slopes hardly differ", sessions(60, 6, 0)),
    case("nobody differs", sessions(40, 9, 0, level_sd = 0)),
    case("Beat the Blues", blues()),
    case("few people", sessions(12, 4, 1.5)[, -4])
  ),
  "growth.json", digits = NA, auto_unbox = TRUE, null = "null"
)
