# Makes glmer.csv and rows_recovery.csv, rows_alike.csv: yes/no outcomes with a random intercept, lme4's glmer with 25
# quadrature points. Run from this folder: Rscript glmer_reference.R
library(lme4)
set.seed(5)
made <- function(sd) {
  group <- rep(1:30, times = sample(4:25, 30, replace = TRUE))
  band <- sample(0:3, length(group), replace = TRUE)
  crisis <- rbinom(length(group), 1, 0.2)
  p <- plogis(-0.4 + 0.3 * band - 0.8 * crisis + rnorm(30, sd = sd)[group])
  data.frame(y = rbinom(length(group), 1, p), band = band, crisis = crisis, group = group)
}
figures <- NULL
cases <- list(recovery = made(0.9), alike = made(0))
for (name in names(cases)) {
  rows <- cases[[name]]
  write.csv(rows, paste0("rows_", name, ".csv"), row.names = FALSE, quote = FALSE)
  fit <- glmer(y ~ band + crisis + (1 | group), rows, binomial, nAGQ = 25,
               control = glmerControl(optimizer = "bobyqa", tolPwrss = 1e-13, optCtrl = list(rhoend = 1e-10)))
  found <- c(criterion = as.numeric(-2 * logLik(fit)), sd = getME(fit, "theta")[[1]],
             setNames(fixef(fit), paste0("beta_", 0:2)), setNames(sqrt(diag(as.matrix(vcov(fit)))), paste0("se_", 0:2)))
  figures <- rbind(figures, data.frame(case = name, method = "AGQ25", figure = names(found), value = sprintf("%.17g", found)))
}
write.csv(figures, "glmer.csv", row.names = FALSE, quote = FALSE)
