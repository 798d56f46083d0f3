"""Which row of the record does each FHIR resource become?"""
