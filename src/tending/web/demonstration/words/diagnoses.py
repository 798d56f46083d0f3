"""Diagnosis codes (ICD-10) with short labels of our own, by the kind of team that sees them."""

OUTPATIENT = (
    ("F32.1", "Depression, moderate"),
    ("F33.1", "Recurrent depression, moderate"),
    ("F33.2", "Recurrent depression, severe"),
    ("F41.1", "Generalized anxiety"),
    ("F34.1", "Long-standing low mood"),
    ("F43.23", "Adjustment, anxiety and low mood"),
)
COMMUNITY = (
    ("F20.9", "Schizophrenia"),
    ("F25.0", "Schizoaffective, bipolar type"),
    ("F31.30", "Bipolar, current depression"),
    ("F31.9", "Bipolar disorder"),
    ("F33.3", "Recurrent depression with psychosis"),
    ("F29", "Psychosis, not yet specified"),
)
YOUTH = (
    ("F32.1", "Depression, moderate"),
    ("F41.1", "Generalized anxiety"),
    ("F40.10", "Social anxiety"),
    ("F29", "Psychosis, not yet specified"),
    ("F90.0", "Attention difficulties"),
    ("F43.23", "Adjustment, anxiety and low mood"),
)
TRAUMA = ("F43.10", "Post-traumatic stress")
ALCOHOL = ("F10.20", "Alcohol dependence")
