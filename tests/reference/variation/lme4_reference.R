# Makes the stored reference outputs of lme4 beside this file: rows_<case>.csv, lme4.csv and lme4_effects.csv.
# Run from this folder: Rscript lme4_reference.R       (R with lme4 and nlme, both in Debian)
# Options are tightened, because lme4's default optimum is flat: its variance components are right to five digits only.
library(lme4)

tight <- lmerControl(optimizer = "nloptwrap", calc.derivs = FALSE, check.conv.singular = "ignore",
                     optCtrl = list(xtol_abs = 1e-14, ftol_abs = 1e-14, xtol_rel = 0, ftol_rel = 0, maxeval = 1e5))

simulated <- function() {
  set.seed(20240607)
  team <- rep(1:9, times = c(2, 3, 7, 4, 5, 3, 6, 2, 4))
  clinicians <- length(team)
  rows <- 1 + rgeom(clinicians, 0.15)
  u <- rnorm(clinicians, sd = 2)
  v <- rnorm(9, sd = 1.5)
  of <- rep(seq_len(clinicians), times = rows)
  age <- round(rnorm(length(of), 45, 12))
  severity <- round(rnorm(length(of), 17, 4) + 0.5 * u[of], 1)
  y <- 1e5 + 0.4 * severity - 0.03 * age + u[of] + v[team[of]] + rnorm(length(of), sd = 3)
  data.frame(y = y, age = age, severity = severity, group = of, team = team[of])
}

flat <- function(y, group, team = NULL, ...) {
  frame <- data.frame(y = y, ..., group = as.integer(factor(group)))
  if (!is.null(team)) {
    frame$team <- as.integer(factor(team))
    frame$group <- as.integer(interaction(team, group, drop = TRUE))
  }
  frame
}

oats <- as.data.frame(nlme::Oats)
cases <- list(
  dyestuff = flat(Dyestuff$Yield, Dyestuff$Batch),
  dyestuff2 = flat(Dyestuff2$Yield, Dyestuff2$Batch),
  sleepstudy = flat(sleepstudy$Reaction, sleepstudy$Subject, Days = sleepstudy$Days),
  pastes = flat(Pastes$strength, Pastes$cask, Pastes$batch),
  oats = flat(oats$yield, as.character(oats$Variety), as.character(oats$Block), nitro = oats$nitro),
  simulated = simulated()
)

figures <- NULL
effects <- NULL
for (name in names(cases)) {
  rows <- cases[[name]]
  write.csv(format(rows, digits = 17, trim = TRUE), paste0("rows_", name, ".csv"), row.names = FALSE, quote = FALSE)
  rows <- read.csv(paste0("rows_", name, ".csv"))
  nested <- "team" %in% names(rows)
  covariates <- setdiff(names(rows), c("y", "group", "team"))
  fixed <- paste(c("1", covariates), collapse = " + ")
  random <- if (nested) "(1 | team) + (1 | group)" else "(1 | group)"
  for (method in c("REML", "ML")) {
    fit <- lmer(as.formula(paste("y ~", fixed, "+", random)), rows, REML = method == "REML", control = tight)
    sd <- as.data.frame(VarCorr(fit))
    found <- c(criterion = if (method == "REML") REMLcrit(fit) else as.numeric(-2 * logLik(fit)),
               variance_group = sd$vcov[sd$grp == "group"], sigma2 = sd$vcov[sd$grp == "Residual"])
    if (nested) found <- c(found, variance_team = sd$vcov[sd$grp == "team"])
    beta <- fixef(fit); names(beta) <- paste0("beta_", seq_along(beta) - 1)
    covariance <- as.matrix(vcov(fit))
    se <- sqrt(diag(covariance)); names(se) <- paste0("se_", seq_along(se) - 1)
    found <- c(found, beta, se)
    figures <- rbind(figures, data.frame(case = name, method = method, figure = names(found),
                                         value = sprintf("%.17g", found)))
    blups <- ranef(fit, condVar = TRUE)
    for (level in names(blups)) {
      sds <- sqrt(as.numeric(attr(blups[[level]], "postVar")))
      effects <- rbind(effects, data.frame(case = name, method = method, level = level,
        key = rownames(blups[[level]]), estimate = sprintf("%.17g", blups[[level]][, 1]), sd = sprintf("%.17g", sds)))
    }
    if (method == "ML") {
      # The likelihood profile of the standard deviations, which lme4 makes of the ML fit.
      limits <- confint(fit, method = "profile", oldNames = FALSE, quiet = TRUE)
      for (level in c("group", if (nested) "team")) {
        row <- limits[grep(paste0("|", level), rownames(limits), fixed = TRUE), ]
        figures <- rbind(figures, data.frame(case = name, method = method,
          figure = paste0(c("lower_", "upper_"), level), value = sprintf("%.17g", row)))
      }
    }
  }
}
write.csv(figures, "lme4.csv", row.names = FALSE, quote = FALSE)
write.csv(effects, "lme4_effects.csv", row.names = FALSE, quote = FALSE)
cat("R", as.character(getRversion()), "lme4", as.character(packageVersion("lme4")), "\n")
