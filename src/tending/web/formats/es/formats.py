"""Spanish as it is written in the United States: 1,200.5, as on the same page in English and in every chart."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
