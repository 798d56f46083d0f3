# Makes lme4_slopes.csv, lme4_slope_effects.csv and rows_slopes_<case>.csv beside this file: lme4's (1 + x | group).
# Run from this folder: Rscript lme4_slopes_reference.R       (R with lme4 and nlme, both in Debian)
# Options are tightened, as in lme4_reference.R. The first covariate is the one whose slope differs by group.
library(lme4)

tight <- lmerControl(optimizer = "bobyqa", calc.derivs = FALSE, check.conv.singular = "ignore",
                     optCtrl = list(rhobeg = 0.2, rhoend = 1e-10, maxfun = 1e6))

simulated <- function(seed, level, slope, link, origin) {
  set.seed(seed)
  groups <- 24
  rows <- 2 + rgeom(groups, 0.12)
  of <- rep(seq_len(groups), times = rows)
  root <- chol(matrix(c(level^2, link * level * slope, link * level * slope, slope^2), 2))
  b <- matrix(rnorm(2 * groups), groups) %*% root
  week <- round(runif(length(of), 0, 20))
  severity <- round(rnorm(length(of), 17, 4), 1)
  y <- origin + 0.3 * severity - 0.2 * week + b[of, 1] + b[of, 2] * week + rnorm(length(of), sd = 2)
  data.frame(y = y, week = week, severity = severity, group = of)
}

orthodont <- as.data.frame(nlme::Orthodont)
cases <- list(
  sleepstudy = data.frame(y = sleepstudy$Reaction, Days = sleepstudy$Days, group = as.integer(sleepstudy$Subject)),
  orthodont = data.frame(y = orthodont$distance, age = orthodont$age,
                         group = as.integer(factor(as.character(orthodont$Subject)))),
  far = simulated(11, 2, 0.3, -0.5, 1e5),      # far from 0, unequal groups, a second covariate
  parallel = simulated(3, 2, 0.01, 0, 50),     # slopes that hardly differ: the correlation at its boundary
  fan = simulated(5, 0.05, 0.25, 0, 50),       # levels that hardly differ at week 0
  alike = simulated(8, 1e-3, 1e-4, 0, 20)      # nothing differs
)

figures <- NULL
effects <- NULL
for (name in names(cases)) {
  file <- paste0("rows_slopes_", name, ".csv")
  write.csv(format(cases[[name]], digits = 17, trim = TRUE), file, row.names = FALSE, quote = FALSE)
  rows <- read.csv(file)
  covariates <- setdiff(names(rows), c("y", "group"))
  model <- paste("y ~", paste(covariates, collapse = " + "), "+ (1 +", covariates[1], "| group)")
  for (method in c("REML", "ML")) {
    fit <- lmer(as.formula(model), rows, REML = method == "REML", control = tight)
    covariance <- VarCorr(fit)$group
    beta <- fixef(fit); names(beta) <- paste0("beta_", seq_along(beta) - 1)
    se <- sqrt(diag(as.matrix(vcov(fit)))); names(se) <- paste0("se_", seq_along(se) - 1)
    found <- c(criterion = if (method == "REML") REMLcrit(fit) else as.numeric(-2 * logLik(fit)),
               sigma2 = sigma(fit)^2, level = covariance[1, 1], link = covariance[1, 2], slope = covariance[2, 2],
               beta, se)
    figures <- rbind(figures, data.frame(case = name, method = method, figure = names(found),
                                         value = sprintf("%.17g", found)))
    cat(name, method, isSingular(fit, tol = 1e-6), sprintf("%.6g", attr(covariance, "correlation")[1, 2]),
        sprintf("%.6g", attr(covariance, "stddev")), "\n")
    blups <- ranef(fit, condVar = TRUE)$group
    spread <- attr(blups, "postVar")
    effects <- rbind(effects, data.frame(case = name, method = method, key = rownames(blups),
      level = sprintf("%.17g", blups[, 1]), slope = sprintf("%.17g", blups[, 2]),
      level_var = sprintf("%.17g", spread[1, 1, ]), link = sprintf("%.17g", spread[1, 2, ]),
      slope_var = sprintf("%.17g", spread[2, 2, ])))
  }
}
write.csv(figures, "lme4_slopes.csv", row.names = FALSE, quote = FALSE)
write.csv(effects, "lme4_slope_effects.csv", row.names = FALSE, quote = FALSE)
cat("R", as.character(getRversion()), "lme4", as.character(packageVersion("lme4")), "\n")
