# The six methods for pairs, straight from their equations in base R, on the first and last day of lme4's sleepstudy,
# a trial with drop-outs and 60 made-up people. Writes methods.json beside itself.
#
# Rscript make_methods.R        (R 4.2.2, lme4 1.1-31 and HSAUR3 1.0-13 for their data, jsonlite)
library(jsonlite)
data(sleepstudy, package = "lme4")

of <- function(x, y, r, r2) {
  m1 <- mean(x); m2 <- mean(y); s1 <- sd(x); s2 <- sd(y); r12 <- cor(x, y)
  sem <- s1 * sqrt(1 - r)
  rdd <- ((s1^2 * ((s1^2 - sem^2) / s1^2) + s2^2 * ((s2^2 - sem^2) / s2^2)) - 2 * s1 * s2 * r12) / var(y - x)
  list(
    JACOBSON_TRUAX = (y - x) / sqrt(2 * sem^2),
    EDWARDS_NUNNALLY = (y - (r * (x - m1) + m1)) / sem,
    GULLIKSEN_LORD_NOVICK = ((y - m1) - r * (x - m1)) / (s1 * sqrt(1 - r^2)),
    HSU_LINN_NORD = ((y - m2) - r * (x - m1)) / (s1 * sqrt(1 - r^2)),
    NUNNALLY_KOTSCH = (y - (r * (x - m1) + m1)) / sqrt(r^2 * s1^2 * (1 - r) + s2^2 * (1 - r2)),
    HAGEMAN_ARRINDELL = ((y - x) * rdd + (m2 - m1) * (1 - rdd)) / (sqrt(rdd) * sqrt(2 * sem^2))
  )
}

case <- function(name, x, y, r, r2) {
  wilson <- prop.test(sum(x > y), length(x), correct = FALSE)$conf.int
  list(
    name = name, earlier = x, later = y, reliability = r, later_reliability = r2, index = of(x, y, r, r2),
    mean_change = mean(y - x), interval = t.test(y, x, paired = TRUE)$conf.int[1:2],
    lower_later = sum(x > y), lower_later_interval = wilson[1:2]
  )
}

set.seed(11)
true <- rnorm(60, 17, 4)
x <- round(true + rnorm(60, 0, 2)); y <- round(true - rnorm(60, 4, 4) + rnorm(60, 0, 2))
first <- sleepstudy$Reaction[sleepstudy$Days == 0]; last <- sleepstudy$Reaction[sleepstudy$Days == 9]
# Proudfoot et al. (2003): the Beck inventory before and 8 months on, of the 52 people who have both.
data(BtheB, package = "HSAUR3")
both <- BtheB[!is.na(BtheB$bdi.8m), ]
write_json(
  list(case("Beat the Blues", both$bdi.pre, both$bdi.8m, 0.86, 0.86), case("sleepstudy", first, last, 0.9, 0.85), case("made up", x, y, 0.8, 0.7)),
  "methods.json", digits = NA, auto_unbox = TRUE
)
